commands = {}
%w[web db].each { |name| commands["restart-#{name}"] = "systemctl restart #{name}" }
commands['all'] = commands.values.join(' && ')
whitelist commands
