"""Families of distributions, each with its density as a formula; expected values."""

from .expectation import expect as expect
from .family import Distribution as Distribution
from .family import Domain as Domain
from .family import Family as Family
from .gaussian import Gaussian as Gaussian
from .gaussian import Normal as Normal
