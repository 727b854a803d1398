# a
node_name 'a'
whitelist({
  'a' => 'b',
  /c/ => 'd'
})
