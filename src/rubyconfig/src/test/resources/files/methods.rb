def role_of(name)
  name[/\A[a-z]+/]
end
node_name "#{role_of('web12')}-1"
message <<~TEXT
  two
    lines
TEXT
