"""The results of a comparison in words: what the schedule changed, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

FEW = 5
"""Fewer seeds than this give intervals so wide that it is worth saying."""


def decimals(found: Mapping[str, Any]) -> int:
    """Return how many decimals show a digit of the largest spread between seeds, or four digits of the values."""
    sds = [summary[key]["sd"] for summary in found["schedules"] for key in ("final", "best")]
    means = [summary["final"]["mean"] for summary in found["schedules"]]
    spreads = [sd for sd in sds if sd]
    if spreads:
        return _clamp(-math.floor(math.log10(max(spreads))))
    sizes = [abs(mean) for mean in means if mean]
    return _clamp(3 - math.floor(math.log10(max(sizes)))) if sizes else 2


def _clamp(digits: int) -> int:
    return min(max(digits, 1), 8)


def mean_sd(spread: Mapping[str, Any], digits: int) -> str:
    """Return ``86.8 ± 0.2``; the mean alone for one seed, and a dash for none."""
    if spread["mean"] is None:
        return "–"
    mean = f"{spread['mean']:.{digits}f}"
    return mean if spread["sd"] is None else f"{mean} ± {spread['sd']:.{digits}f}"


def against(pair: Mapping[str, Any] | None, digits: int) -> tuple[str, str]:
    """Return ``("+6.9", "1.2 to 12.6")``: the paired difference and its interval; a dash where there is none."""
    if pair is None or pair["difference"] is None:
        return "–", "–"
    interval = "–" if pair["low"] is None else f"{pair['low']:.{digits}f} to {pair['high']:.{digits}f}"
    return f"{pair['difference']:+.{digits}f}", interval


def endings(summary: Mapping[str, Any]) -> str:
    """Return ``2 done, 1 diverged``."""
    return ", ".join(f"{len(summary[each])} {each}" for each in ("done", "diverged", "failed") if summary[each])


def metric_name(found: Mapping[str, Any]) -> str:
    """Return ``accuracy (%)``."""
    return f"{found['metric']} ({found['unit']})" if found["unit"] else str(found["metric"])


def words(found: Mapping[str, Any]) -> list[str]:
    """Return what came out, a sentence or two for each schedule after the first, then what is to be kept in mind."""
    first, *others = found["schedules"]
    digits = decimals(found)
    said = [_compared(each, first["name"], found, digits) for each in others]
    pairs = [each["against_first"]["final"]["n"] for each in others]
    if pairs and 2 <= max(pairs) < FEW:
        said.append(f"{max(pairs)} seeds make wide intervals; more (--seeds) would narrow them.")
    return [*said, *_early(found), *_not_ended(found)]


def _compared(summary: Mapping[str, Any], first: str, found: Mapping[str, Any], digits: int) -> str:
    pair, name = summary["against_first"]["final"], summary["name"]
    n, difference = pair["n"], pair["difference"]
    if not n:
        return f"{name} cannot be compared with {first}: no seed ended under both."
    seeds = f"{n} seed{'s' * (n > 1)}"
    if difference == 0 and pair["low"] in (None, 0.0) and pair["high"] in (None, 0.0):
        return f"{name} ends exactly as {first} does ({seeds})."
    where = "above" if difference > 0 else "below"
    points = "points " if found["unit"] == "%" else ""
    head = f"{name} ends {abs(difference):.{digits}f} {points}{where} {first}"
    if n == 1:
        return f"{head} on the one seed that ended under both, which says nothing about chance."
    low, high = sorted((math.copysign(1, difference) * pair["low"], math.copysign(1, difference) * pair["high"]))
    interval = f"95 % CI {low:.{digits}f} to {high:.{digits}f}"
    if low <= 0 <= high:
        return f"{head}, on {pair[where]} of {seeds}, but the {interval} includes 0: it may be chance."
    return f"{head} ({interval}, {seeds})."


def _early(found: Mapping[str, Any]) -> Iterable[str]:
    for summary in found["schedules"]:
        if summary["stopped_early"]:
            epochs = ", ".join(f"seed {seed} after epoch {at}" for seed, at in summary["stopped_early"].items())
            yield f"{summary['name']} stopped early: {epochs}."


def _not_ended(found: Mapping[str, Any]) -> Iterable[str]:
    for summary in found["schedules"]:
        for status, what in (
            ("diverged", "diverged, is in no mean"),
            ("failed", "failed, its traceback is in the report"),
        ):
            seeds = summary[status]
            if seeds:
                cell = next(c for c in found["cells"] if c["name"] == summary["name"] and c["seed"] == seeds[0])
                reason = " ".join(cell["error"].split())[:200]
                more = f" Also seed{'s' * (len(seeds) > 2)} {', '.join(map(str, seeds[1:]))}." if len(seeds) > 1 else ""
                yield f"{summary['name']}, seed {seeds[0]}: {what}: {reason}.{more}"
