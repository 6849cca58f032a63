0[]
[a, *b]
{}
{a}
{a, *b,}
{a: b, **c, d: e}
{**a}
[a for b in c]
[a for b in c if d if e for f in g]
{a for b in c}
{a: b for c in d}
(a for b in c)
f(a for b in c)
[a for b, *c in d]
[a for a.b in c]
[[a for b in c] for d in e]
{(a := 1): b}
[x for x in (lambda: y)]
