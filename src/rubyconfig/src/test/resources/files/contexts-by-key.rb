data_collector[:server_url] = 'https://a/'
windows_service[:watchdog_timeout] = 100
windows_service.watchdog_timeout 200
chef_zero.port 9000
chefdk.generator_cookbook '/x'
chefcli[:generator_cookbook] = '/y'
target_mode.host = 'router'
file_dir "/tmp/#{data_collector[:organization]}"
