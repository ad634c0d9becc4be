"""Ways to mend a refuted line: statements near it that the judge has proved."""

from chainrule.mending.asking import Equal as Equal
from chainrule.mending.asking import Given as Given
from chainrule.mending.asking import Property as Property
from chainrule.mending.ways import Way as Way
from chainrule.mending.ways import ways as ways
