# Threads, contexts, weak references, warnings.
