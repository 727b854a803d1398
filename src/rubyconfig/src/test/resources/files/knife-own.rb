knife[:node_name] = 'alice'
knife[:client_key] = '/home/alice/.chef/alice.pem'
knife[:chef_server_url] = 'https://chef.example.com/organizations/acme'
