ohai.plugin[:Packages] = { enabled: true }
ohai.critical_plugins << :Filesystem
ohai.disabled_plugins.concat [:Ec2]
ohai.optional_plugins = [:Passwd]
