"""What measured risks say of true ones, for finitely many rules."""

import numpy as np


def bounds(e, n, delta):
    """e_h + sqrt(log(H / delta) / (2 n)): with probability 1 - delta all true risks are below.

    e (H,) measured on n examples that were used for nothing else, 0 < delta < 1  ->  (H,)
    """
    return e + np.sqrt(np.log(len(e) / delta) / (2 * n))
