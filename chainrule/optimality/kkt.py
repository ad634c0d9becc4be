def kkt(p):
    raise NotImplementedError
