0b'a' b'\xff\0'
