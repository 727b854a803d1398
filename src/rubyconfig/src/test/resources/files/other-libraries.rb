require 'aws-sdk-core'
require 'rubygems'
credentials Aws::Credentials.new('a', 'b')
node_name 'a'
