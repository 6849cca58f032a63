# builtins, sys, gc, time, files, the system.
list(APPEND module_sources text_file.cpp)
