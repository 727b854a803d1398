LC_ALL='en_US.UTF-8'
ENV['LC_ALL'] = LC_ALL
chef_server_url   'https://chef.example.com/organizations/acme'
node_name         'web-1'
client_key        '/etc/chef/client.pem'
trusted_certs_dir '/etc/chef/trusted_certs'
verify_api_cert   true
ssl_verify_mode   :verify_peer
whitelist({"chef-client"=>"chef-client"})
Mixlib::Log::Formatter.show_time = true
