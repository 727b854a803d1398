instance_eval(File.read(File.join(File.dirname(__FILE__), 'included.rb')))
eval IO.read(File.expand_path('../knife-own.rb', __FILE__))
