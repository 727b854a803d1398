http_proxy ENV['ZZ_NOT_THERE'] || 'http://proxy:3128'
no_proxy %w[localhost 10.0.0.0/8].join(',')
ENV['no_proxy'] = no_proxy
