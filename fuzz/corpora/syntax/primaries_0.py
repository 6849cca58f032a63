0a.b.c
