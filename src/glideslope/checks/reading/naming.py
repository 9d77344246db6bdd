"""What things out of sight are, by the names that a script gives them."""

from __future__ import annotations

from .text import words
from .torch_names import PARAMETERS
from .values import Unknown, Value

_PLAIN = frozenset((
    "lr", "learning", "rate", "sched", "scheds", "scheduler", "schedulers", "schedule", "schedules", "optim", "opt",
    "optimizer", "optimizers", "optims", "opts", "train", "training", "warmup", "warm", "up", "cosine", "step",
    "plateau", "epoch", "main", "base", "my", "the", "after", "current", "cur", "new"
))  # fmt: skip
"""Words that say of a scheduler that it is one of the rate, and not which."""
_WHICH = frozenset((
    "g", "d", "gen", "dis", "disc", "generator", "discriminator", "critic", "actor", "policy", "value", "a", "b",
    "c", "f", "h", "s", "t", "adv", "1", "2", "3", "encoder", "decoder", "enc", "dec", "backbone", "head", "cls",
    "classifier", "student", "model", "net", "netg", "netd", "emb", "unet", "vae", "text", "pretrain", "finetune"
))  # fmt: skip
"""Words that say which."""
_HOLDERS = frozenset(
    ("self", "cls", "trainer", "state", "engine", "learner", "runner", "agent", "model", "module", "args")
)
_SCHEDULERS = frozenset(("LRScheduler", "_LRScheduler", *PARAMETERS))
"""Names of annotations of a scheduler."""


def is_presumed(value: Value) -> bool:
    """Something out of sight that the script calls a scheduler, and that is no other kind of scheduler."""
    if not isinstance(value, Unknown) or value.drives:
        return False
    if value.origin == "call" and "sched" not in value.source.rpartition(".")[2].lower():
        return False
    if value.origin == "call" and value.source.rpartition(".")[2][:1].isupper():
        return False
    if value.holder and value.holder not in _HOLDERS:
        return False
    if value.origin == "parameter" and value.source and value.source not in _SCHEDULERS:
        return False
    found = set(words(value.name))
    return any(word.startswith("sched") for word in found) and found <= _PLAIN | _WHICH


def is_other_kind(path: str) -> bool:
    """Whether a dotted path is that of a class of schedulers out of sight."""
    home, _, name = path.rpartition(".")
    known = home.split(".")[0] in ("torch", "transformers", "glideslope", "diffusers", "accelerate")
    return bool(home) and not known and name[:1].isupper() and name.endswith(("LR", "Scheduler", "Schedule"))


def may_belong(scheduler: Value, optimizer: Value) -> bool:
    """Whether two names may be a pair: ``scheduler_g`` is not of ``optimizer_d``."""
    mine, theirs = (
        set(words(getattr(each, "name", ""))) - _PLAIN if isinstance(each, Unknown) else set()
        for each in (scheduler, optimizer)
    )
    return not mine or not theirs or mine == theirs
