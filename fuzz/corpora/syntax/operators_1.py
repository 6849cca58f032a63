0a << b >> c
