chef_server_url URI('https://chef/organizations/acme')
ssl_verify_mode OpenSSL::SSL::VERIFY_NONE
client_key Chef::Config.platform_specific_path('/etc/chef/a.pem')
enc Encoding.default_external = Encoding::UTF_8
