0f'a'
