node_name 'a'
file_dir Confg[:x]
