# expect: 4
from functools import partial
from torch.optim.lr_scheduler import StepLR
make = partial(StepLR, step_size=30, verbose=True)
