node_name "a"
file_dir "/b" + ""
