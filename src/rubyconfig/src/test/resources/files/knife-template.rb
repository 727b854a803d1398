# See https://docs.chef.io/config_rb_knife.html for more information
current_dir = File.dirname(__FILE__)
log_level                :info
log_location             STDOUT
node_name                "alice"
client_key               "#{current_dir}/alice.pem"
chef_server_url          "https://chef.example.com/organizations/acme"
cookbook_path            ["#{current_dir}/../cookbooks"]
knife[:editor] = 'vi'
