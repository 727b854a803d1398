node_name Socket.gethostname
user_name Etc.getpwuid(0).name
windows Gem.win_platform?
host URI.parse('https://a.example.com/x').host
list JSON.parse('[1, 2]')
path Pathname.new('/a').join('b')
