require 'mixlib/shellout'
node_name Mixlib::ShellOut.new('echo out; echo err >&2').run_command.stdout.strip
file_dir `echo /d`.chomp
