whitelist({
  'a' => 'b'
node_name 'x'
