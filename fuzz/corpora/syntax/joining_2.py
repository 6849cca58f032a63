0a;b;c
