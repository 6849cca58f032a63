0[a for b in c if d if e for f in g]
