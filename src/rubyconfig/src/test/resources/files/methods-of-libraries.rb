year Time.parse('2020-01-01').year
stamp Time.at(0).utc.iso8601
json({ 'a' => 1 }.to_json)
yaml({ 'a' => 1 }.to_yaml)
word 'a b'.shellescape
line %w[a b].shelljoin
temporary Dir.tmpdir.start_with?('/')
exact BigDecimal('1.5').to_s
