0from a import *
