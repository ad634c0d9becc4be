"""A structured tensor by its parts: put together as the docstring says, they are the whole."""

import re

import numpy as np
import pytest

import chainrule as cr
from chainrule.code import compressed_source, numpy_function, symbols
from tests.code.judge import values
from tests.code.test_pages import T, U, V, X, lam, n, p, w, y

x = cr.vector("x", n)
W1, W2 = cr.matrix("W", p, n), cr.matrix("V", p, p)
t = cr.vector("t", p)
scores = W2 @ cr.tanh(W1 @ x)
"""tanh has a curvature of its own: the Hessian is a sum, and x stands in both of its terms."""
STRUCTURED = {
    "factorisation": (cr.hessian(cr.sqnorm(T - U @ V.T) + lam * cr.sqnorm(U), U), "A[j, l] where i = k, else 0"),
    "a product inside": (cr.hessian(cr.sqnorm(T - U @ V.T), U), "A[j, l] where i = k, else 0"),
    "a number inside": (cr.sqnorm(V) * x @ w.T, "a[i] b[j]"),
    "diagonal": (cr.hessian(cr.total(x**4) + cr.sqnorm(x), x), "a[i] where i = j, else 0"),
    "scaled rows": (cr.jacobian(cr.diag(x) @ U + U, U), "a[i] where i = k and j = l, else 0"),
    "first layer": (cr.hessian(cr.logsumexp(scores) - t.T @ scores, W1), "A[i, k] b[j] b[l]"),
    "outer": (3 * x @ w.T, "a[i] b[j]"),
    "the same for every row": (cr.ones(n) @ w.T, "a[j]"),
}
SIZES = {d: k for k, d in enumerate((n, p, *cr.dims("m k")), 2)}


@pytest.mark.parametrize("name", STRUCTURED)
def test_put_together(name):
    formula, says = STRUCTURED[name]
    source = compressed_source(formula)
    assert source is not None and says in source
    parameters = symbols(formula)
    data = values(parameters, SIZES, 3)
    place = {"np": np}
    exec(source, place)
    sizes = {d.name: k for d, k in SIZES.items()}
    asked = place["f"].__code__.co_varnames[len(parameters) : place["f"].__code__.co_argcount]
    arrays = place["f"](*(data[s] for s in parameters), *(sizes[d] for d in asked))
    arrays = arrays if isinstance(arrays, tuple) else (arrays,)
    whole = numpy_function(formula)
    asked = whole.__code__.co_varnames[len(parameters) : whole.__code__.co_argcount]
    wanted = whole(*(data[s] for s in parameters), *(sizes[d] for d in asked))
    np.testing.assert_allclose(_whole(source, arrays, wanted.shape), wanted, rtol=1e-12, atol=1e-13)
    assert sum(a.size for a in arrays) < wanted.size


def _whole(source, arrays, shape):
    """What the docstring says, entry by entry."""
    letters, product, where = re.search(r"H\[(.*?)\] = (.*?)(?: where (.*), else 0)?\n", source).groups()
    names = dict(zip(sorted(set(re.findall(r"([A-Za-z])\[", product)), key=str.lower), arrays, strict=True))
    found = np.zeros(shape)
    for index in np.ndindex(*shape):
        at = dict(zip(letters.split(", "), index, strict=True))
        if all(at[a] == at[b] for a, b in re.findall(r"(\w) = (\w)", where or "")):
            parts = re.findall(r"([A-Za-z])\[(.*?)\]", product)
            found[index] = np.prod([names[a][tuple(at[k] for k in ls.split(", "))] for a, ls in parts])
    return found


def test_nothing_to_gain():
    assert compressed_source(cr.jacobian(cr.softmax(x), x)) is None
    assert compressed_source(cr.hessian(cr.sqnorm(X @ w - y), w)) is None
