"""What came out: the numbers against a table of Student's t, and the words and pictures made of them."""

import io
import math
import re
from collections.abc import Sequence
from typing import Any

import pytest
from rich.cells import cell_len

from glideslope import Run, trace
from glideslope.lab.results import paired, results, spread
from glideslope.shapes import LinearDecay
from glideslope.views.compare_curves import band, lr_path, needs_log, train_loss
from glideslope.views.compare_figure import compare_figure
from glideslope.views.compare_report import compare_page
from glideslope.views.compare_table import compare_text, rows
from glideslope.views.compare_words import words
from glideslope.views.terminal import Screen

T_2, T_1 = 4.302652729696, 12.7062047364
"""The 97.5 % points of Student's t with 2 degrees of freedom and with 1, from a printed table."""


def cell(name: str, seed: int, *values: float, status: str = "done") -> dict[str, Any]:
    history = [
        {"epoch": epoch, "lr": 0.1, "train_loss": 1 / epoch, "metrics": {"accuracy": value}}
        for epoch, value in enumerate(values, 1)
    ]
    out = {"name": name, "seed": seed, "status": status, "epochs": len(values), "history": history}
    if status == "done":
        return out | {"final": values[-1], "best": max(values)}
    return out | {"error": "ValueError: <b>no</b> luck", "traceback": "Traceback\n  <b>no</b> luck"}


def found(*cells: dict[str, Any], names: Sequence[str] = ("first", "other"), unit: str = "%") -> dict[str, Any]:
    summaries = results(cells, names)
    for summary in summaries:
        summary |= {"schedule": "Constant()", "optimizer": "SGD(lr=0.1)", "base_lr": 0.1}
    about = {
        "command": "glideslope compare '<b>'", "versions": {"torch": "2"}, "machine": {"processor": "one", "cores": 2, "system": "x"},
        "started": "then", "ended": "now", "training_seconds": {"first, seed 0": 2.0},
    }  # fmt: skip
    plan = {"seeds": 3, "epochs": 3, "schedules": {}, "optimizers": {}, "early stop": None}
    return {
        "metric": "accuracy", "mode": "max", "unit": unit, "parameters": 7, "steps_per_epoch": 5, "plan": plan,
        "schedules": summaries, "cells": list(cells), "about": about,
    }  # fmt: skip


def test_the_interval_is_that_of_students_t_with_a_printed_table_as_witness() -> None:
    found = paired([(11.0, 10.0), (22.0, 20.0), (33.0, 30.0)])  # differences 1, 2, 3: mean 2, sd 1
    assert (found["n"], found["difference"], found["above"], found["below"]) == (3, 2.0, 3, 0)
    assert found["low"] == pytest.approx(2 - T_2 / math.sqrt(3), rel=1e-9)
    assert found["high"] == pytest.approx(2 + T_2 / math.sqrt(3), rel=1e-9)
    two = paired([(1.0, 0.0), (3.0, 0.0)])
    assert two["high"] == pytest.approx(2 + T_1, rel=1e-9)


def test_numbers_that_are_not_there_are_none_and_not_a_guess() -> None:
    assert spread([]) == {"n": 0, "mean": None, "sd": None}
    assert spread([4.0]) == {"n": 1, "mean": 4.0, "sd": None}
    one = paired([(2.0, 1.0)])
    assert (one["difference"], one["low"], one["high"], one["p"]) == (1.0, None, None, None)
    same = paired([(2.0, 1.0), (3.0, 2.0)])
    assert (same["low"], same["high"], same["p"]) == (1.0, 1.0, None)


def test_a_cell_that_diverged_or_failed_is_in_no_mean_and_in_no_pair() -> None:
    first, other = results(
        [
            cell("first", 0, 80.0), cell("first", 1, 70.0), cell("first", 2, status="diverged"),
            cell("other", 0, 84.0), cell("other", 1, status="failed"), cell("other", 2, 99.0),
        ],
        ["first", "other"],
    )  # fmt: skip
    assert first["final"] == {"n": 2, "mean": 75.0, "sd": pytest.approx(math.sqrt(50))}
    assert (first["done"], first["diverged"], other["failed"]) == ([0, 1], [2], [1])
    assert first["against_first"] is None
    assert other["against_first"]["final"]["difference"] == 4.0
    assert other["against_first"]["final"]["seeds"] == [0]


@pytest.mark.parametrize(
    ("first", "other", "unit", "said"),
    [
        ([80.0, 81.0, 82.0], [88.0, 88.5, 90.5], "%", "other ends 8.0 points above first (95 % CI 6.8 to 9.2, 3 seeds)."),
        ([80.0, 81.0, 82.0], [88.0, 88.5, 90.5], "", "other ends 8.0 above first (95 % CI 6.8 to 9.2, 3 seeds)."),
        ([88.0, 88.5, 90.5], [80.0, 81.0, 82.0], "%", "other ends 8.0 points below first (95 % CI 6.8 to 9.2, 3 seeds)."),
        ([80.0, 84.0, 88.0], [82.0, 83.0, 94.0], "%", "other ends 2.3 points above first, on 2 of 3 seeds, but the 95 % CI -6.4 to 11.1 includes 0: it may be chance."),
        ([80.0, 84.0], [80.0, 84.0], "%", "other ends exactly as first does (2 seeds)."),
        ([80.0], [82.0], "%", "other ends 2.00 points above first on the one seed that ended under both, which says nothing about chance."),
        ([], [82.0], "%", "other cannot be compared with first: no seed ended under both."),
    ],
)  # fmt: skip
def test_the_words_say_how_much_and_how_sure(first: list[float], other: list[float], unit: str, said: str) -> None:
    cells = [cell(name, s, v) for name, vs in (("first", first), ("other", other)) for s, v in enumerate(vs)]
    assert words(found(*cells, unit=unit))[0] == said


def test_few_seeds_are_said_to_be_few() -> None:
    cells = [cell(name, seed, 80.0 + seed * len(name)) for name in ("first", "others") for seed in range(3)]
    assert words(found(*cells, names=("first", "others")))[1].startswith("3 seeds make wide intervals")


def test_the_table_has_80_columns_whatever_the_names_and_numbers_are() -> None:
    name = "a-name-of-forty-letters-is-the-longest-1"
    cells = [cell("first", seed, 123456.789 + seed) for seed in range(3)]
    cells += [cell(name, 0, 1e-7), cell(name, 1, status="diverged"), cell(name, 2, status="failed")]
    for screen in (Screen(), Screen(unicode=False), Screen(colour=True)):
        text = compare_text(found(*cells, names=("first", name)), screen)
        if not screen.colour:
            assert max(map(cell_len, text.splitlines())) <= 80
        assert "123457.8" in text
    assert rows(found(*cells, names=("first", name)))[1][1] == [name, "0.0", "0.0", "-123456.8", "–", "1 done, 1 diverged, 1 failed"]  # fmt: skip
    ascii_text = compare_text(found(*cells, names=("first", name)), Screen(unicode=False))
    ascii_text.encode("ascii")
    assert "123457.8 +- 1.0" in ascii_text


def test_a_band_is_the_mean_and_the_range_of_the_seeds_that_still_trained() -> None:
    cells = [cell("first", 0, 1.0, 2.0, 3.0), cell("first", 1, 3.0, 4.0), cell("first", 2, 99.0, status="diverged")]
    curve = band(found(*cells, names=("first",)), "first", lambda row: float(row["metrics"]["accuracy"]))
    assert curve.epochs == [1, 2, 3]
    assert (curve.mean, curve.low, curve.high) == ([2.0, 3.0, 3.0], [1.0, 2.0, 3.0], [3.0, 4.0, 3.0])
    assert band(found(*cells, names=("first",)), "first", train_loss).mean == [1.0, 0.5, pytest.approx(1 / 3)]


def test_rates_are_drawn_over_epochs_and_held_to_the_end_of_the_run() -> None:
    x, y = lr_path(trace(LinearDecay(20), Run(epochs=4, steps_per_epoch=5), base_lr=0.5))
    assert (x[0], y[0], x[-1], y[-1]) == (0.0, 0.5, 4.0, pytest.approx(0.025))


def test_a_log_axis_is_for_rates_that_lie_far_apart() -> None:
    run = Run(epochs=4)
    assert not needs_log({"a": trace(LinearDecay(4), run)})
    assert needs_log({"a": trace(LinearDecay(4), run), "b": trace(LinearDecay(4), run, base_lr=0.01)})


@pytest.mark.parametrize("status", ["done", "diverged", "failed"])
def test_a_report_and_a_picture_are_made_of_whatever_came_out(status: str) -> None:
    values = (80.0, 81.0) if status == "done" else ()
    data = found(cell("first", 0, *values, status=status), cell("other", 0, *values, status=status))
    data["unit"] = "$<b>$x^$"
    curves = {"first": trace(LinearDecay(15), Run(epochs=3, steps_per_epoch=5))} if status != "failed" else {}
    page = compare_page(data, curves)
    compare_figure(data, curves).savefig(io.BytesIO())
    body = page.split("<body>")[-1]
    assert "<b>" not in re.sub(r"(?s)<script.*?</script>", "", body)
    assert ("&lt;b&gt;no&lt;/b&gt; luck</pre>" in page) == (status == "failed")
