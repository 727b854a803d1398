node_name "web-#{Chef::Application.host}"
