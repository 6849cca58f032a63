0def f(): pass
