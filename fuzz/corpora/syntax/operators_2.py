0not a == b
