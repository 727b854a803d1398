require 'chef/util/path_helper'
client_key Chef::Util::PathHelper.join('/etc', 'chef', 'a.pem')
file_dir ChefConfig::PathHelper.cleanpath('/a/../b/')
log_location "/var/log/#{ChefUtils::Dist::Infra::CLIENT}.log"
