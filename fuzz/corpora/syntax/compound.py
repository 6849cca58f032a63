0if a: b
if a:
  b
elif c:
  d
elif e: f
else:
  g
while a:
  break
else: c
for a, b in c: d
for a, in b, c:
  d
else:
  e
for *a, b in *c, d: pass
for a.b in c: pass
for x[0] in c: pass
try: a
except: b
try:
  a
except A:
  b
except (B, C) as d:
  e
else: f
finally: g
try: a
finally: b
with a: b
with a as b, c as (d, e): f
with (a as b, c as d,): e
with (a, b): c
with (a, b) as c: d
with (a): b
with (yield): b
with (a).b as c, d: e
with (a + b): c
with (a if b else c) as d: e
with (x for x in y) as z: pass
if a:
  if b:
    c
  d
e
if a:
	b
# comment

	c

