0assert a
