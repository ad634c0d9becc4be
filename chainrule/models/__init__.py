"""Models: from a declaration to the likelihood, its maximum, and the steps of EM, with what shows them right."""

from .declaration import Choice as Choice
from .declaration import Model as Model
from .declaration import choice as choice
