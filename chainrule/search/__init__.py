"""Finding proofs. Nothing that these rooms say is believed: the kernel applies every move itself."""
