# Do not crash if a handler is missing or not installed yet
begin
  start_handlers << SimpleReport::UpdatedResources.new('a', :b => 1)
rescue NameError => e
  Chef::Log.error e
end
Ohai::Config[:disabled_plugins] = [:Passwd]
chef_home File.expand_path('/srv/chef')
file_cache_path File.join(chef_home, 'cache')
cache_options( :path => "#{chef_home}/checksums", :skip_expires => true )
