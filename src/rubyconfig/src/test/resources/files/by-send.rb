{ 'node_name' => 'a', log_level: :warn }.each { |key, value| send(key, value) }
Chef::Config.send(:file_dir=, '/d')
Chef::Config.class_eval { client_key '/k' }
Chef::Config[:splay] ||= 5
Chef::Config.knife[:a] = 1
Chef::Config[:knife].merge!(b: 2)
