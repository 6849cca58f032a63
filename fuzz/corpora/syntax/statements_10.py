0match(x)
