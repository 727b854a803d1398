cookbook_path << "/x"
script_path << "/y"
node_name cookbook_path.class.name
