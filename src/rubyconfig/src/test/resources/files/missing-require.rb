require '/none/x'
