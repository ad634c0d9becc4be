"""The trusted rooms: polynomials of contraction graphs, and the checker of certificates."""
