0f(a for b in c)
