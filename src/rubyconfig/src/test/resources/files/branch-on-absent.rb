node_name 'a'
if Chef::Node.load('a').chef_environment
  node_name 'b'
end
