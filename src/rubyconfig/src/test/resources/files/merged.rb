Chef::Config.merge!(node_name: 'a', 'file_dir' => '/b')
Chef::Config.configure { |c| c[:log_level] = :warn }
self[:splay] = 5
self.interval = 6
