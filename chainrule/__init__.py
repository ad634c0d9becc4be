"""chainrule checks the mathematics of machine learning the way a compiler checks a program."""

from chainrule.notation.dims import dims as dims
from chainrule.notation.indices import Sum as Sum
from chainrule.notation.indices import clusters as clusters
from chainrule.notation.indices import each as each
from chainrule.notation.indices import index as index
from chainrule.notation.indices import over as over
from chainrule.notation.indices import size as size
from chainrule.notation.statements import *  # noqa: F403
from chainrule.notation.vocabulary import *  # noqa: F403
