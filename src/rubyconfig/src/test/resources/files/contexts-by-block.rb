data_collector do
  server_url 'https://a/'
  mode :client
end
