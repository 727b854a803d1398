from_file '/none/x.rb'
