node_name 'a'
whitelist { 'restart-web' => 'echo r' }
