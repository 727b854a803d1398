lockfile File.join(Chef::Config.file_cache_path, "x")
file_dir "#{file_cache_path}/push"
checksums Chef::Config[:checksum_path].end_with?('/checksums')
