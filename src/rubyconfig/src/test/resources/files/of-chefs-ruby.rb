local = File.expand_path('../none.rb', __FILE__)
Chef::Config.from_file(local) if File.exists?(local)
node_name Dir.exists?('/etc') ? 'a'.untaint : 'b'
whole 1.is_a?(Fixnum)
listed ERB.new("<% %w[x y].each do |n| -%>\n<%= n %>\n<% end -%>\n", nil, '-').result
out open('|echo a').read.strip
