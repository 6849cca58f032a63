0with (a if b else c) as d: e
