0class A(B, *C, metaclass=D, **e):
  def f(self): return super().f()
  y: int
