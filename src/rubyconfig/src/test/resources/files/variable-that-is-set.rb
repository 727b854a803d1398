whitelist = { 'a' => 'b' }
whitelist['c'] = 'd'
whitelist(whitelist)
