root = File.absolute_path(File.dirname(__FILE__))
file_cache_path root
cookbook_path [File.join(root, 'cookbooks'), root + '/site']
solo true
json_attribs "#{root}/node.json"
