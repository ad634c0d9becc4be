"""Is a formula convex, concave, both, or neither; what shows it, or which two points refute it."""

from chainrule.convexity.engine import Convexity as Convexity
from chainrule.convexity.engine import curvature_of as curvature_of
