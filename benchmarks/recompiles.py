"""How often a compiled optimizer step is compiled in a run of 100 steps: ``python benchmarks/recompiles.py``."""

import warnings
from typing import Any

import torch
from torch._dynamo.utils import counters
from torch.optim import lr_scheduler as them

from glideslope import lr_scheduler as ours

STEPS = 100


def compilations(module: Any, name: str, tensor: bool, **arguments: Any) -> int:
    torch._dynamo.reset()
    counters.clear()
    w = torch.nn.Parameter(torch.ones(8))
    optimizer = torch.optim.SGD([w], lr=torch.tensor(0.1) if tensor else 0.1)
    scheduler = getattr(module, name)(optimizer, **arguments)
    step = torch.compile(optimizer.step)
    for _ in range(STEPS):
        w.grad = torch.ones(8)
        step()
        scheduler.step()
    return int(counters["stats"]["unique_graphs"])


def main() -> None:
    """Print a table in Markdown."""
    warnings.simplefilter("ignore")
    print("| schedule | rate | torch | here |\n|---|---|---|---|")
    for name, arguments in (
        ("CosineAnnealingLR", {"T_max": STEPS}),
        ("StepLR", {"step_size": 30}),
        ("StepLR", {"step_size": 5}),
    ):
        text = ", ".join(f"{key}={value}" for key, value in arguments.items())
        for tensor in (False, True):
            counts = [compilations(module, name, tensor, **arguments) for module in (them, ours)]
            print(f"| `{name}({text})` | {'tensor' if tensor else 'float'} | {counts[0]} | {counts[1]} |", flush=True)


if __name__ == "__main__":
    main()
