"""chainrule checks the mathematics of machine learning the way a compiler checks a program."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chainrule.distributions import Bernoulli as Bernoulli
    from chainrule.distributions import Beta as Beta
    from chainrule.distributions import Binomial as Binomial
    from chainrule.distributions import Categorical as Categorical
    from chainrule.distributions import Dirichlet as Dirichlet
    from chainrule.distributions import Exponential as Exponential
    from chainrule.distributions import Gamma as Gamma
    from chainrule.distributions import Gaussian as Gaussian
    from chainrule.distributions import Geometric as Geometric
    from chainrule.distributions import InverseGamma as InverseGamma
    from chainrule.distributions import InverseGaussian as InverseGaussian
    from chainrule.distributions import Laplace as Laplace
    from chainrule.distributions import LogNormal as LogNormal
    from chainrule.distributions import Multinomial as Multinomial
    from chainrule.distributions import MultivariateT as MultivariateT
    from chainrule.distributions import NegativeBinomial as NegativeBinomial
    from chainrule.distributions import Normal as Normal
    from chainrule.distributions import Pareto as Pareto
    from chainrule.distributions import Poisson as Poisson
    from chainrule.distributions import Rayleigh as Rayleigh
    from chainrule.distributions import StudentT as StudentT
    from chainrule.distributions import Uniform as Uniform
    from chainrule.distributions import VonMises as VonMises
    from chainrule.distributions import Weibull as Weibull
    from chainrule.distributions import averages as averages
    from chainrule.distributions import expect as expect
    from chainrule.distributions import moments as moments
    from chainrule.models import Markov as Markov
    from chainrule.models import Model as Model
    from chainrule.models import choice as choice
    from chainrule.models import expectation_maximisation as expectation_maximisation
    from chainrule.models import maximum_likelihood as maximum_likelihood
    from chainrule.notation.dims import *  # noqa: F403
    from chainrule.notation.indices import *  # noqa: F403
    from chainrule.notation.statements import *  # noqa: F403
    from chainrule.notation.vocabulary import *  # noqa: F403
    from chainrule.optimality import Optimum as Optimum
    from chainrule.optimality import minimise as minimise

_HOMES = ("dims", "indices", "vocabulary", "statements")
FAMILIES = (
    "Bernoulli", "Beta", "Binomial", "Categorical", "Dirichlet", "Exponential", "Gamma", "Gaussian", "Geometric",
    "InverseGamma", "InverseGaussian", "Laplace", "LogNormal", "Multinomial", "MultivariateT", "NegativeBinomial",
    "Normal", "Pareto", "Poisson", "Rayleigh", "StudentT", "Uniform", "VonMises", "Weibull",
)  # fmt: skip
_DOORS = {
    **dict.fromkeys(("minimise", "Optimum"), "chainrule.optimality"),
    **dict.fromkeys(("averages", "expect", "moments", *FAMILIES), "chainrule.distributions"),
    **dict.fromkeys(
        ("Markov", "Model", "choice", "maximum_likelihood", "expectation_maximisation"), "chainrule.models"
    ),
}
"""Words that work something out, by the room that does it. Each is imported when it is asked for itself."""


def _words() -> dict[str, Any]:
    """The vocabulary: the public names of its homes that are the engine's own."""
    from importlib import import_module
    from types import ModuleType

    found = {n: v for home in _HOMES for n, v in vars(import_module(f"chainrule.notation.{home}")).items()}
    ours = {n: v for n, v in found.items() if getattr(v, "__module__", "").startswith("chainrule.")}
    return {n: v for n, v in ours.items() if not n.startswith("_") and not isinstance(v, ModuleType)}


def __getattr__(name: str) -> Any:
    """A word of the vocabulary. SymPy is imported when the first one is asked for, not before: `chainrule --help`
    and a pytest run without chapters do not wait for it."""
    if name in _DOORS:
        from importlib import import_module

        return getattr(import_module(_DOORS[name]), name)
    words = {} if name.startswith("_") and name != "__all__" else _words()
    globals().update(words)
    if name == "__all__":
        return sorted([*words, *_DOORS])
    if name in words:
        return words[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
