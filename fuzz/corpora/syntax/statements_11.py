0match * 2
