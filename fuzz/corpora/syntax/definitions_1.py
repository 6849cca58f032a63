0def f(a, /): pass
