"""Drop-ins for ``torch.optim.lr_scheduler``: the same names and arguments, the lr from a schedule's closed form."""

from torch.optim.lr_scheduler import EPOCH_DEPRECATION_WARNING as EPOCH_DEPRECATION_WARNING

from .cosine_annealing_lr import CosineAnnealingLR as CosineAnnealingLR
from .exponential_lr import ExponentialLR as ExponentialLR
from .multi_step_lr import MultiStepLR as MultiStepLR
from .step_lr import StepLR as StepLR
