default :site, 'north'
configurable(:role).defaults_to { "web-#{site}" }
node_name role
