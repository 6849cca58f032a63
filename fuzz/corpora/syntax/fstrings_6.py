0rf'\n{a}'
