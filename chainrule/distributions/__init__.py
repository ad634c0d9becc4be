"""Families of distributions, each with its density as a formula; expected values."""

from .counts import Bernoulli as Bernoulli
from .counts import Categorical as Categorical
from .counts import Geometric as Geometric
from .expectation import expect as expect
from .family import Distribution as Distribution
from .family import Domain as Domain
from .family import Family as Family
from .gaussian import Gaussian as Gaussian
from .gaussian import Normal as Normal
from .positive import Exponential as Exponential
from .positive import InverseGaussian as InverseGaussian
from .positive import Laplace as Laplace
from .positive import LogNormal as LogNormal
from .positive import Pareto as Pareto
from .positive import Rayleigh as Rayleigh
