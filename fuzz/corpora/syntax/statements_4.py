0return_ = None; pass;
