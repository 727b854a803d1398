local = File.expand_path('included.rb', File.dirname(__FILE__))
Chef::Config.from_file(local) if File.exist?(local)
Chef::Config.from_file('/none/knife.local.rb') if File.exist?('/none/knife.local.rb')
