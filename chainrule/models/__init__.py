"""Models: from a declaration to the likelihood, its maximum, and the steps of EM, with what shows them right."""

from .declaration import Choice as Choice
from .declaration import Model as Model
from .declaration import choice as choice
from .em import EM as EM
from .em import expectation_maximisation as expectation_maximisation
from .fit import Fit as Fit
from .fit import maximise as maximise
from .fit import maximum_likelihood as maximum_likelihood
from .latent import Latent as Latent
from .markov import Markov as Markov
