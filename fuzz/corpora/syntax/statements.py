0x = 1
x = y = 1
a, *b = c
(a, [b, *c]), d.e, f[0] = x
*a, = b
x += 1
x.y **= 2
x[0] //= y
x: int
x: int = 1
(x): int
a.b: str = 'c'
del x
del a, b.c, d[1:2]
del (a, [b, c])
pass
return_ = None; pass;
break
continue
return
return 1, *b
raise
raise A
raise A from b
assert a
assert a, 'b'
global a, b
nonlocal c
import a
import a.b.c as d, e
from a import b
from a.b import (c as d, e,)
from a import *
from . import a
from ...a import b
from .... import a
x = yield
x = yield a, b
yield from a
match = case = type = _ = 1
match(x)
match[a]
print(type, case)
type(x)
match * 2
