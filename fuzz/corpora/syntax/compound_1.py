0for a, in b, c:
  d
else:
  e
