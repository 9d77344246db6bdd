"""The shapes, one file each. A line here puts a shape into the catalogue, and everything else finds it there."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from ..schedule import Schedule
from .constant import Constant as Constant
from .cosine_decay import CosineDecay as CosineDecay
from .cosine_restarts import CosineRestarts as CosineRestarts
from .cosine_wave import CosineWave as CosineWave
from .exponential_decay import ExponentialDecay as ExponentialDecay
from .inverse_sqrt_decay import InverseSqrtDecay as InverseSqrtDecay
from .linear_decay import LinearDecay as LinearDecay
from .multi_step_decay import MultiStepDecay as MultiStepDecay
from .one_cycle import OneCycle as OneCycle
from .piecewise_constant import PiecewiseConstant as PiecewiseConstant
from .piecewise_linear import PiecewiseLinear as PiecewiseLinear
from .polynomial_decay import PolynomialDecay as PolynomialDecay
from .power import Power as Power
from .rex import Rex as Rex
from .step_decay import StepDecay as StepDecay
from .triangular import Triangular as Triangular
from .warmup_stable_decay import WarmupStableDecay as WarmupStableDecay

CATALOGUE: Mapping[str, type[Schedule]] = MappingProxyType(
    {name: each for name, each in globals().items() if isinstance(each, type) and Schedule in each.__bases__}
)
"""Every shape by its name."""

if not TYPE_CHECKING:  # a type checker reads the imports above; at run time `import *` takes the shapes alone
    __all__ = ["CATALOGUE", *CATALOGUE]
