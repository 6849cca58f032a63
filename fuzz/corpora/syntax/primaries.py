0a.b.c
a[b]
a[b, c]
a[b,]
a[1:2]
a[:]
a[::]
a[1:2:3, ...]
a[*b]
a[*b, c:d]
a[b:=c]
f()
f(a, *b, c=d, *e, **g)
f(a)(b).c[d]
f(a,)
a.b(c)[d:e].f
