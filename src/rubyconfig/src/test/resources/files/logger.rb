require 'logger'
require 'fileutils'
quiet Logger.new(STDOUT).level
log_location STDERR
