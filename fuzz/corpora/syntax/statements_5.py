0return 1, *b
