0def f(): pass
def f(a, b=1, *c, d, e=2, **f): pass
def f(a, /, b, *, c): pass
def f(a=1, /, b=2): pass
def f(a, /): pass
def f(*, a): pass
def f(*a: *b): pass
def f(a: int, b: str = 'c', *d: e, **g: h) -> i: return a
@a
@b.c(d)
def f(): pass
@a
class A: pass
class A: pass
class A(): x = 1
class A(B, *C, metaclass=D, **e):
  def f(self): return super().f()
  y: int
lambda: 0
lambda a, b=1, /, *c, d, e=2, **f: a
lambda *, a: a
lambda a: lambda b: a
