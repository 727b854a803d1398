node_name 'a'
whitelist do
  'restart-web' => 'echo r',
  'chef-client' => 'chef-client'
end
