"""The names and parameters of torch's schedulers, as a script may write them."""

from __future__ import annotations

PARAMETERS: dict[str, tuple[str, ...]] = {
    "LambdaLR": ("optimizer", "lr_lambda", "last_epoch", "verbose"),
    "MultiplicativeLR": ("optimizer", "lr_lambda", "last_epoch", "verbose"),
    "StepLR": ("optimizer", "step_size", "gamma", "last_epoch", "verbose"),
    "MultiStepLR": ("optimizer", "milestones", "gamma", "last_epoch", "verbose"),
    "ConstantLR": ("optimizer", "factor", "total_iters", "last_epoch", "verbose"),
    "LinearLR": ("optimizer", "start_factor", "end_factor", "total_iters", "last_epoch", "verbose"),
    "ExponentialLR": ("optimizer", "gamma", "last_epoch", "verbose"),
    "PolynomialLR": ("optimizer", "total_iters", "power", "last_epoch", "verbose"),
    "CosineAnnealingLR": ("optimizer", "T_max", "eta_min", "last_epoch", "verbose"),
    "CosineAnnealingWarmRestarts": ("optimizer", "T_0", "T_mult", "eta_min", "last_epoch", "verbose"),
    "SequentialLR": ("optimizer", "schedulers", "milestones", "last_epoch", "verbose"),
    "ChainedScheduler": ("schedulers", "optimizer"),
    "ReduceLROnPlateau": (
        "optimizer", "mode", "factor", "patience", "threshold", "threshold_mode", "cooldown", "min_lr", "eps",
        "verbose",
    ),
    "CyclicLR": (
        "optimizer", "base_lr", "max_lr", "step_size_up", "step_size_down", "mode", "gamma", "scale_fn",
        "scale_mode", "cycle_momentum", "base_momentum", "max_momentum", "last_epoch", "verbose",
    ),
    "OneCycleLR": (
        "optimizer", "max_lr", "total_steps", "epochs", "steps_per_epoch", "pct_start", "anneal_strategy",
        "cycle_momentum", "base_momentum", "max_momentum", "div_factor", "final_div_factor", "three_phase",
        "last_epoch", "verbose",
    ),
    "SWALR": ("optimizer", "swa_lr", "anneal_epochs", "anneal_strategy", "last_epoch"),
    # transformers: plain functions that return a LambdaLR counted in optimizer steps
    "get_constant_schedule": ("optimizer", "last_epoch"),
    "get_constant_schedule_with_warmup": ("optimizer", "num_warmup_steps", "last_epoch"),
    "get_linear_schedule_with_warmup": ("optimizer", "num_warmup_steps", "num_training_steps", "last_epoch"),
    "get_cosine_schedule_with_warmup": (
        "optimizer", "num_warmup_steps", "num_training_steps", "num_cycles", "last_epoch",
    ),
    "get_polynomial_decay_schedule_with_warmup": (
        "optimizer", "num_warmup_steps", "num_training_steps", "lr_end", "power", "last_epoch",
    ),
}  # fmt: skip

DEFAULTS: dict[str, dict[str, object]] = {
    "StepLR": {"gamma": 0.1},
    "MultiStepLR": {"gamma": 0.1},
    "ReduceLROnPlateau": {"mode": "min"},
    "LinearLR": {"total_iters": 5},
    "ConstantLR": {"total_iters": 5},
}

HUGGING_FACE = frozenset(name for name in PARAMETERS if name.startswith("get_"))

OPTIMIZERS = frozenset((
    "Adadelta", "Adafactor", "Adagrad", "Adam", "AdamW", "SparseAdam", "Adamax", "ASGD", "LBFGS", "NAdam", "RAdam",
    "RMSprop", "Rprop", "SGD", "Muon"
))  # fmt: skip

_HOMES = ("torch.optim.lr_scheduler.", "torch.optim.swa_utils.", "glideslope.lr_scheduler.")
_WILD = {
    name: f"torch.optim.lr_scheduler.{name}" for name in PARAMETERS if name not in HUGGING_FACE and name != "SWALR"
}


def scheduler_name(path: str) -> str | None:
    """Return the class (or function) behind a dotted path, None where it is not one of torch's schedulers."""
    home, _, name = path.rpartition(".")
    if name not in PARAMETERS:
        return None
    if name in HUGGING_FACE:
        return name if home.split(".")[0] == "transformers" else None
    return name if path.startswith(_HOMES) else None


def is_optimizer(path: str) -> bool:
    """Whether the dotted path is an optimizer class of torch, or one that torch's users know under the same name."""
    home, _, name = path.rpartition(".")
    return name in OPTIMIZERS and home.split(".")[0] in ("torch", "transformers")


def from_star(module: str, name: str) -> str | None:
    """Return the dotted path that ``from module import *`` gives to ``name``."""
    if module == "torch.optim.lr_scheduler":
        return _WILD.get(name)
    if module == "torch.optim" and (name in OPTIMIZERS or name == "lr_scheduler"):
        return f"torch.optim.{name}"
    return None


def canonical(path: str) -> str:
    """Return one spelling for a thing in torch that has two."""
    return path.replace("torch.optim.optim.", "torch.optim.")
