0a + b * c ** -d
-a ** b
a ** b ** c
~a & b | c ^ d
a << b >> c
a @ b // c % d / e
a < b <= c == d != e > f >= g
a is b is not c in d not in e
not a == b
a and b and c or d and e
not a and not b
a if b else c if d else e
(a := b)
[a := 1, b]
f(a := 1)
x[a := 0]
(a, b)
()
(a,)
a,
((a))
+a - -b
