node_name 'included'
