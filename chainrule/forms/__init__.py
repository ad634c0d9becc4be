"""The one internal form: a hash-consed DAG of tensor contractions."""
