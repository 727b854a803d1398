user = ENV['ZZ_NOT_THERE'] || 'alice'
home = ENV['HOME']
node_name user
client_key File.expand_path("~/.chef/#{user}.pem")
cookbook_copyright "#{Time.now.year > 2000}"
