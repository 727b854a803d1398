whitelist({
  'exact' => 'e',
  /^converge (?<role>\w+)$/i => { command_line: 'chef-client -o "role[\k<role>]"', lock: true },
  %r{^/opt/(.*)$} => '/opt/\1',
  :sym => 'echo s'
})
