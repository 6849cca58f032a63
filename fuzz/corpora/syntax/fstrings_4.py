0f'{(lambda x: x)}'
