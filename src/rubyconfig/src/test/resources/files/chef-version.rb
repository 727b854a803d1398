if Chef::VERSION >= '9.3'
  node_name 'new'
else
  node_name 'old'
end
file_dir '/old' if Chef::VERSION < '11.0'
compared Gem::Version.new(Chef::VERSION) > Gem::Version.new('12.4.1')
