0

# only

