node_name 'a'
from_file '/etc/chef/x.toml'
