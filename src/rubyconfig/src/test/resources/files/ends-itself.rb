node_name 'a'
exit 1
