"""Numbers for symbols: sampling, exact evaluation, refutation. Independent of forms, kernel, laws and calculus."""
