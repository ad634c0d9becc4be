"""Are two nodes of the DAG equal by the laws of algebra alone?"""

from __future__ import annotations

from chainrule.forms.dag import Dag
from chainrule.kernel import poly as P
from chainrule.kernel.check import Checker
from chainrule.kernel.normal import Normal

from .rewrite import Rewriter


def equal(a: Dag, b: Dag) -> bool:
    """Is a - b shown to be 0? False only says that no proof was found."""
    if a is b:
        return True
    if a.dims != b.dims:
        return False
    rewriter = Rewriter(Checker())
    normal = Normal(reduce=rewriter.reduce)
    return rewriter.vanishes(P.add([(1, normal(a)), (-1, normal(b))], a.dims))
