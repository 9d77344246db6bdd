"""Two timings taken in turn in one process, and their ratio: the only kind of figure that holds on a shared machine."""

import statistics
import timeit
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Pair:
    """Seconds for one call of each, medians over the rounds, and the median of the ratios round by round."""

    ours: float
    theirs: float
    ratio: float


def paired(ours: Callable[[], object], theirs: Callable[[], object], rounds: int = 15, seconds: float = 0.02) -> Pair:
    """Time ours and theirs alternately; each round runs each for about ``seconds``."""
    counts = []
    for call in (ours, theirs):
        call()
        once = max(timeit.timeit(call, number=3) / 3, 1e-9)
        counts.append(max(1, int(seconds / once)))
    a, b = [], []
    for _ in range(rounds):
        a.append(timeit.timeit(ours, number=counts[0]) / counts[0])
        b.append(timeit.timeit(theirs, number=counts[1]) / counts[1])
    ratios = [x / y for x, y in zip(a, b, strict=True)]
    return Pair(statistics.median(a), statistics.median(b), statistics.median(ratios))
