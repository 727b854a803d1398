new Chef::Version.new(Chef::VERSION) >= Chef::Version.new('12.10.0')
first Chef::VERSION.split('.').first.to_i
wanted Gem::Requirement.new('>= 12').satisfied_by?(Gem::Version.new(Chef::VERSION))
