require 'uri/generic'
require 'digest/sha2'
require 'rubygems/version'
require 'csv'
host URI.join('https://a.example.com/', 'b').host
sum Digest::SHA256.hexdigest('a')[0, 4]
cells CSV.parse('a,b').first
