Chef::Config.from_file(File.expand_path('../included.yml', __FILE__))
whitelist YAML.load_file(File.join(__dir__, 'whitelist.yml'))
