"""Drop-ins for ``torch.optim.lr_scheduler``: the same names and arguments, the lr from a schedule's closed form."""

from torch.optim import lr_scheduler as torchs
from torch.optim.lr_scheduler import EPOCH_DEPRECATION_WARNING as EPOCH_DEPRECATION_WARNING
from torch.optim.lr_scheduler import LRScheduler as LRScheduler

from .chained_scheduler import ChainedScheduler as ChainedScheduler
from .constant_lr import ConstantLR as ConstantLR
from .cosine_annealing_lr import CosineAnnealingLR as CosineAnnealingLR
from .cosine_annealing_warm_restarts import CosineAnnealingWarmRestarts as CosineAnnealingWarmRestarts
from .cyclic_lr import CyclicLR as CyclicLR
from .explain import Course as Course
from .explain import Explanation as Explanation
from .explain import explain as explain
from .exponential_lr import ExponentialLR as ExponentialLR
from .from_torch import from_torch as from_torch
from .lambda_lr import LambdaLR as LambdaLR
from .linear_lr import LinearLR as LinearLR
from .multi_step_lr import MultiStepLR as MultiStepLR
from .multiplicative_lr import MultiplicativeLR as MultiplicativeLR
from .one_cycle_lr import OneCycleLR as OneCycleLR
from .polynomial_lr import PolynomialLR as PolynomialLR
from .reduce_lr_on_plateau import ReduceLROnPlateau as ReduceLROnPlateau
from .sequential_lr import SequentialLR as SequentialLR
from .step_lr import StepLR as StepLR
from .swa_lr import SWALR as SWALR
from .to_torch import to_torch as to_torch

_LRScheduler = LRScheduler
"""What programs of older days inherit from."""

__all__ = [
    *torchs.__all__,
    "EPOCH_DEPRECATION_WARNING",
    "SWALR",
    "explain",
    "from_torch",
    "to_torch",
]
