Chef::Config.from_file('/none/knife.local.rb') rescue nil
begin
  from_file '/none/other.rb'
rescue Errno::ENOENT, IOError => e
  Chef::Log.debug("#{e}")
end
node_name 'a'
