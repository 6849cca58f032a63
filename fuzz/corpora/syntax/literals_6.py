0'it\'s'
