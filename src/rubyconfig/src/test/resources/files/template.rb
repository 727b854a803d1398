motd ERB.new('<%= 40 + 2 %> <%= ERB::Util.html_escape("<") %>').result
