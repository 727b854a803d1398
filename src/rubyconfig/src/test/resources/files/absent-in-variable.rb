site = Ohai::System.new
node_name 'x'
node_name(site ? 'a' : 'b')
