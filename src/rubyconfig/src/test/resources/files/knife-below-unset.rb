
knife[:azure][:region] = 'x'
