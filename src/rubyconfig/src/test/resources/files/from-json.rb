from_file File.join(__dir__, 'included.json')
