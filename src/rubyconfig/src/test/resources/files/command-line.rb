node_name ARGV.empty? ? 'none' : ARGV.first
log_level :debug if ARGV.include?('-VV')
program File.basename($0)
