case RUBY_PLATFORM
when /mswin|mingw|windows/ then file_dir 'C:/push'
when /linux/ then file_dir '/var/push'
else raise "what is #{RUBY_PLATFORM}"
end
log_level :debug if ::RUBY_PLATFORM =~ /java/
