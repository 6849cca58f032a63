0a = (1 +
  2)
a = 1 + \
  2
if a: # c
  # d
  b # e

a





# only


\
a
x = [
1,
# c
2,
]
a;b;c
été = 1
℘ = ﬁ
