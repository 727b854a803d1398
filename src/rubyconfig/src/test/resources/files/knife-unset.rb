node_name knife[:user].nil? ? 'nobody' : 'somebody'
knife[:editor] ||= 'vi'
knife.ssh_user 'root'
has_hints knife[:hints].empty?
