node_name 'b' if Chef::Reserved.anybody?
