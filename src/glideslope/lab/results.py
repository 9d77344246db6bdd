"""Results: pure numbers from the cells of a comparison."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

CONFIDENCE = 0.95


def results(cells: Sequence[Mapping[str, Any]], names: Sequence[str]) -> list[dict[str, Any]]:
    """Return one summary for each schedule, in the order of ``names``.

    A summary has ``final`` and ``best`` (:func:`spread` over the seeds that ended), ``against_first`` (:func:`paired`
    for each of the two, None for the first schedule itself) and the seeds by status. A cell that diverged or failed is
    counted there and is in no mean.
    """
    out = []
    for name in names:
        mine = [cell for cell in cells if cell["name"] == name]
        first = _done(cells, names[0])
        own = _done(cells, name)
        keys = ("final", "best")
        summary: dict[str, Any] = {"name": name}
        summary |= {key: spread([cell[key] for cell in own.values()]) for key in keys}
        summary["against_first"] = None
        if name != names[0]:
            both = sorted(own.keys() & first.keys())
            pairs = {key: [(own[seed][key], first[seed][key]) for seed in both] for key in keys}
            summary["against_first"] = {key: paired(each) | {"seeds": both} for key, each in pairs.items()}
        for status in ("done", "diverged", "failed"):
            summary[status] = sorted(cell["seed"] for cell in mine if cell["status"] == status)
        summary["stopped_early"] = {str(seed): own[seed]["epochs"] for seed in own if "stopped_early" in own[seed]}
        out.append(summary)
    return out


def _done(cells: Sequence[Mapping[str, Any]], name: str) -> dict[int, Mapping[str, Any]]:
    done = (cell for cell in cells if cell["name"] == name and cell["status"] == "done")
    return {cell["seed"]: cell for cell in sorted(done, key=lambda cell: int(cell["seed"]))}


def spread(values: Sequence[float]) -> dict[str, Any]:
    """Return n, the mean, and the sample standard deviation (n - 1 below the line; None for fewer than two values).

    >>> spread([1.0, 2.0, 3.0])
    {'n': 3, 'mean': 2.0, 'sd': 1.0}
    """
    n = len(values)
    mean = math.fsum(values) / n if n else None
    sd = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (n - 1)) if mean is not None and n > 1 else None
    return {"n": n, "mean": mean, "sd": sd}


def paired(pairs: Sequence[tuple[float, float]]) -> dict[str, Any]:
    """Compare (mine, first) of the same seeds: the mean difference mine - first, its 95 % confidence interval, and p.

    ``above`` and ``below`` count the seeds on which mine was greater and less. Interval and p come from the paired
    t-test with n - 1 degrees of freedom. They are None for fewer than two pairs; where all differences are the same
    number the interval is that number, and p is None.

    >>> paired([(3.0, 1.0), (5.0, 2.0)])["difference"]
    2.5
    """
    differences = [mine - first for mine, first in pairs]
    measured = spread(differences)
    out: dict[str, Any] = {"n": measured["n"], "difference": measured["mean"], "low": None, "high": None, "p": None}
    out["above"] = sum(each > 0 for each in differences)
    out["below"] = sum(each < 0 for each in differences)
    if measured["n"] < 2:
        return out
    if max(differences) == min(differences):
        return out | {"low": differences[0], "high": differences[0]}
    from scipy.stats import ttest_rel

    test = ttest_rel(*zip(*pairs, strict=True))
    interval = test.confidence_interval(CONFIDENCE)
    return out | {"low": float(interval.low), "high": float(interval.high), "p": float(test.pvalue)}
