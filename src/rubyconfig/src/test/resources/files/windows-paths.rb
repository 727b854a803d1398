client_key 'C:\chef\client.pem'
log_location "C:\\chef\\client.log"
trusted_certs_dir 'C:\chef\trusted_certs\\'
if RUBY_PLATFORM =~ /mswin|mingw32|windows/
  require 'win32/eventlog'
  log_location Chef::Log::WinEvt.new
end
