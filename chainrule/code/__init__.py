"""NumPy from a formula: source that a person would be glad to have written."""

from .source import compressed_source as compressed_source
from .source import numpy_function as numpy_function
from .source import numpy_module as numpy_module
from .source import numpy_source as numpy_source
from .source import portable_source as portable_source
from .source import symbols as symbols
from .source import with_imports as with_imports
