def profile(name)
  yield if name == ENV.fetch('ZZ_NOT_THERE', 'dev')
end
profile 'prod' do
  chef_server_url 'https://prod.example.com/organizations/acme'
end
profile 'dev' do
  chef_server_url 'https://dev.example.com/organizations/acme'
end
case ENV['ZZ_NOT_THERE']
when 'prod' then node_name 'p'
when nil, '' then node_name 'd'
else abort 'unknown'
end
