"""Families of distributions, each with its density as a formula."""

from .expectation import expect
from .family import Distribution, Domain, Family
from .gaussian import Gaussian, Normal
