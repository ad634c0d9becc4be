"""The printed forms of exactly what was written: Python text, Unicode for the terminal, LaTeX, Typst."""

from .formula import TARGETS as TARGETS
from .formula import formula as formula
from .formula import latex as latex
from .formula import layout as layout
from .formula import pieces as pieces
from .formula import typst as typst
from .formula import unicode as unicode
from .names import python_name as python_name
from .source import text as text
from .statements import latex_relation as latex_relation
from .statements import predicate as predicate
from .statements import relation as relation
from .statements import sign as sign
from .statements import statement as statement
