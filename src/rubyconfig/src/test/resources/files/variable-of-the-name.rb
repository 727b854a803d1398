node_name = 'local'
file_dir = '/a'
file_dir file_dir
whitelist = { 'a' => 'b' }
