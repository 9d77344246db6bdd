"""What a step of the Scheduler costs on a GPU: kernels, copies, waiting, and time against torch's scheduler.

    python benchmarks/gpu/steps.py --out steps.json          # needs a CUDA device
    python benchmarks/gpu/steps.py --device cpu --steps 20   # the same program without one: times only

For 1, 10 and 100 param groups whose lr is a tensor on the device: torch's CosineAnnealingLR, the Scheduler on the host,
and the Scheduler with its clock on the device, in turn, medians of the rounds. A step that waits for the device is an
error here (``torch.cuda.set_sync_debug_mode``), so that "no synchronisation" is not a matter of looking.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import torch
from torch.optim import lr_scheduler as them
from torch.profiler import ProfilerActivity, profile

import glideslope as gs
from glideslope.torch import Scheduler

STEPS = 1_000_000
COSINE = gs.CosineDecay(STEPS)


def build(kind: str, groups: int, device: torch.device) -> Any:
    """A scheduler of one kind over so many groups."""
    params = [
        {"params": [torch.zeros(1, device=device, requires_grad=True)], "lr": torch.tensor(0.1, device=device)}
        for _ in range(groups)
    ]
    optimizer = torch.optim.SGD(params, lr=0.1)
    if kind == "torch":
        scheduler = them.CosineAnnealingLR(optimizer, STEPS)
        optimizer.step()  # or torch would warn of the order
        return scheduler
    return Scheduler(optimizer, COSINE, device=kind == "on the device", guard=False)


def kernels_and_copies(step: Callable[[], object], device: torch.device) -> dict[str, int]:
    """What one step asks of the device, as the profiler sees it."""
    step()
    torch.cuda.synchronize(device)
    with profile(activities=[ProfilerActivity.CPU, ProfilerActivity.CUDA]) as seen:
        step()
        torch.cuda.synchronize(device)
    there = [event for event in seen.events() if event.device_type == torch.autograd.DeviceType.CUDA]
    copies = sum("memcpy" in event.name.lower() for event in there)
    return {"kernels": len(there) - copies, "copies": copies}


def waits(step: Callable[[], object]) -> bool:
    """Whether a step makes the host wait for the device."""
    torch.cuda.set_sync_debug_mode("error")
    try:
        step()
    except RuntimeError:
        return True
    finally:
        torch.cuda.set_sync_debug_mode("default")
    return False


def microseconds(step: Callable[[], object], steps: int, device: torch.device) -> float:
    """Time of one step, the queue of the device emptied at the end."""
    begin = time.perf_counter()
    for _ in range(steps):
        step()
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    return (time.perf_counter() - begin) / steps * 1e6


def captured(device: torch.device) -> float:
    """Replay a CUDA graph of an update with its schedule for 1000 steps; the greatest error of the lr."""
    weight = torch.zeros(8, device=device, requires_grad=True)
    weight.grad = torch.ones_like(weight)
    optimizer = torch.optim.SGD([weight], lr=torch.tensor(0.1, device=device))
    schedule = gs.CosineDecay(1000).warmup(100)
    scheduler = Scheduler(optimizer, schedule, device=True)
    side = torch.cuda.Stream(device)
    with torch.cuda.stream(side):
        for _ in range(3):
            optimizer.step()
            scheduler.step()
    torch.cuda.synchronize(device)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        optimizer.step()
        scheduler.step()
    worst = 0.0
    for _ in range(1000):
        graph.replay()
        lr, t = float(optimizer.param_groups[0]["lr"]), scheduler.last_epoch
        worst = max(worst, abs(lr - 0.1 * schedule(t)))
    return worst


def main() -> int:
    """Measure, print a table, and write JSON where asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--out", default="")
    arguments = parser.parse_args()
    device = torch.device(arguments.device)
    if device.type == "cuda" and not torch.cuda.is_available():
        print("steps.py: a CUDA device is needed; --device cpu runs the times without one", file=sys.stderr)
        return 2
    rows = []
    for groups in (1, 10, 100):
        steps = {kind: build(kind, groups, device).step for kind in ("torch", "on the host", "on the device")}
        times: dict[str, list[float]] = {kind: [] for kind in steps}
        for _ in range(arguments.rounds):
            for kind, step in steps.items():
                times[kind].append(microseconds(step, arguments.steps, device))
        for kind, step in steps.items():
            row: dict[str, Any] = {"groups": groups, "scheduler": kind, "us": statistics.median(times[kind])}
            row["ratio"] = statistics.median(a / b for a, b in zip(times[kind], times["torch"], strict=True))
            if device.type == "cuda":
                row |= {**kernels_and_copies(step, device), "waits": waits(step)}
            rows.append(row)
            print(
                "  ".join(
                    f"{name} {value:.4g}" if isinstance(value, float) else f"{name} {value}"
                    for name, value in row.items()
                )
            )
    result: dict[str, Any] = {"device": str(device), "torch": torch.__version__, "rows": rows}
    if device.type == "cuda":
        result |= {"device": torch.cuda.get_device_name(device), "captured, greatest error of the lr": captured(device)}
        print("a captured graph, 1000 replays: greatest error of the lr", result["captured, greatest error of the lr"])
    if arguments.out:
        with open(arguments.out, "w", encoding="utf-8") as file:
            json.dump(result, file, indent=2)
    return 0


if __name__ == "__main__":
    sys.exit(main())
