# itertools, functools, collections, operator.
