0with (a): b
