0if a: b
