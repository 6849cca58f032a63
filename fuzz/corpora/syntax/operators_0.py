0a + b * c ** -d
