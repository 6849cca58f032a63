0del x
