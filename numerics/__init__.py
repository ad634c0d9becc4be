"""Hand-written NumPy and SciPy, readable as a textbook: the witnesses that the derivations are compared with."""
