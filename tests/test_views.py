"""The views: curves in words, as text, as pictures, as pages."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import glideslope as gs
from glideslope.views.describe import segments, summary
from glideslope.views.figures import COLOURS, DASHES, css_dash, draw_lr, lr_figure, save
from glideslope.views.files import write_file
from glideslope.views.machine import to_csv, to_json
from glideslope.views.outline import CHUNK, first_difference, lr_of, outline, path, reading, stretches, thin
from glideslope.views.page import lr_lines, lr_page, page
from glideslope.views.terminal import Screen, legend, plot, segments_table, summary_table, ticks

SHAPES = [
    "Constant()",
    "MultiStepDecay([30, 60, 80], gamma=0.1).warmup(5)",
    "MultiStepDecay([30, 31, 32])",
    "StepDecay(1)",
    "StepDecay(2, gamma=0.9)",
    "CosineDecay(70)",
    "CosineDecay(90) * MultiStepDecay([30])",
    "CosineRestarts(7)",
    "Triangular(1)",
    "Triangular(2, 1)",
    "OneCycle(90)",
    "WarmupStableDecay(90, 10, 20)",
    "InverseSqrtDecay(10)",
    "sequence([Constant(0.1), LinearDecay(40)], milestones=[5])",
]


def curve(spec: str, steps: int = 90, lr: float = 0.1) -> gs.Trace:
    return gs.trace(gs.parse(spec), gs.Run(steps=steps), base_lr=lr)


def on_the_clock(spec: str, wall: str) -> gs.Trace:
    return gs.trace(gs.parse(spec), gs.Run(wall=wall), base_lr=0.1)


def epochs(spec: str, number: int = 90) -> gs.Trace:
    return gs.trace(gs.parse(spec), gs.Run(epochs=number), base_lr=0.1)


def rows(trace: gs.Trace) -> list[tuple[int, int, str]]:
    return [(each.first, each.last, each.kind) for each in segments(trace)]


# -- in words ----------------------------------------------------------------------------------------------------------


def test_goyals_schedule_is_a_rise_and_four_plateaus():
    found = segments(curve("MultiStepDecay([30, 60, 80], gamma=0.1).warmup(5)"))
    assert [(each.first, each.last, each.kind) for each in found] == [
        (0, 4, "rises"), (5, 29, "held"), (30, 59, "held"), (60, 79, "held"), (80, 89, "held"),
    ]  # fmt: skip
    assert [each.lr_first for each in found[1:]] == pytest.approx([0.1, 0.01, 0.001, 0.0001])


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("CosineRestarts(30)", [(0, 29, "falls"), (30, 59, "falls"), (60, 89, "falls")]),
        ("Triangular(45)", [(0, 45, "rises"), (46, 89, "falls")]),
        ("MultiStepDecay([30, 31])", [(0, 29, "held"), (30, 30, "held"), (31, 89, "held")]),
        ("MultiStepDecay([89])", [(0, 88, "held"), (89, 89, "held")]),
        ("CosineDecay(90) * MultiStepDecay([30])", [(0, 29, "falls"), (30, 89, "falls")]),
        ("LinearDecay(60)", [(0, 59, "falls"), (60, 89, "held")]),
        ("Constant()", [(0, 89, "held")]),
    ],
)
def test_a_curve_is_cut_where_it_changes_what_it_does(spec, expected):
    assert rows(curve(spec)) == expected


@pytest.mark.parametrize("spec", SHAPES)
@pytest.mark.parametrize("steps", [1, 2, 3, 90])
def test_every_step_belongs_to_exactly_one_segment(spec, steps):
    trace = curve(spec, steps)
    found = segments(trace)
    assert found[0].first == 0
    assert found[-1].last == steps - 1
    assert all(a.last + 1 == b.first for a, b in pairwise(found))
    for each in found:
        inside = trace.values[each.first : each.last + 1]
        assert (each.lr_first, each.lr_last) == (inside[0], inside[-1])
        moves = np.diff(inside)
        assert {"held": (moves == 0).all(), "falls": (moves <= 0).all(), "rises": (moves >= 0).all()}[each.kind]


@given(
    milestones=st.lists(st.integers(1, 60), min_size=1, max_size=8, unique=True).map(sorted),
    gamma=st.sampled_from([0.1, 0.5, 2.0]),
)
@settings(max_examples=60, deadline=None)
def test_a_staircases_segments_begin_where_it_changes(milestones, gamma):
    schedule = gs.MultiStepDecay(milestones, gamma=gamma)
    trace = gs.trace(schedule, gs.Run(steps=70))
    neighbours = any(a + 1 == b for a, b in pairwise([0, *milestones]))  # then two jumps may be one fall
    begins = [each.first for each in segments(trace)[1:]]
    changes = [step for step in schedule.changes(0, 70) if step < 70]
    assert begins == changes if not neighbours else set(begins) <= set(changes)


def test_the_summary_counts_the_steps_under_one_percent_of_the_peak():
    for spec in SHAPES:
        trace = curve(spec, 77)
        s, values = summary(trace), trace.values
        assert (s.start, s.middle, s.end, s.peak) == (values[0], values[38], values[-1], values.max())
        assert s.peak_step == values.argmax()
        assert s.share_small == pytest.approx((values < 0.00999999 * values.max()).mean())


def test_exactly_one_percent_of_the_peak_is_not_under_it():
    assert summary(curve("MultiStepDecay([30, 60])", 90, lr=0.3)).share_small == 0


# -- the outline of a long run -----------------------------------------------------------------------------------------

LONG = CHUNK + 5000


@pytest.mark.parametrize(
    "spec",
    [
        "MultiStepDecay(['30%', '60%', '80%']).warmup('5%')",
        f"MultiStepDecay([{CHUNK - 1}, {CHUNK}, {CHUNK + 1}])",
        f"LinearDecay({CHUNK})",
        f"sequence([Constant(), Constant(0.5), CosineDecay(4000)], milestones=[{CHUNK - 1}, {CHUNK}])",
        f"CosineDecay('100%') * MultiStepDecay([{CHUNK}])",
        "CosineRestarts(10007)",
        "WarmupStableDecay('100%', '10%', '20%')",
        "OneCycle('100%')",
    ],
)
def test_the_outline_of_a_million_steps_says_what_the_whole_trace_says(spec):
    run = gs.Run(steps=LONG)
    whole, short = gs.trace(gs.parse(spec), run, base_lr=0.1), outline(gs.parse(spec), run, 0.1)
    assert len(short.steps) < 20_000
    assert np.array_equal(short.values, whole.values[short.steps])
    assert segments(short) == segments(whole)
    assert summary(short) == summary(whole)


def test_a_spike_of_one_step_in_a_million_is_in_every_view(tmp_path):
    spike = f"sequence([Constant(), Constant(5), Constant()], milestones=[{700_001}, {700_002}])"
    short = outline(gs.parse(spike), gs.Run(steps=LONG), 1.0)
    assert rows(short) == [(0, 700_000, "held"), (700_001, 700_001, "held"), (700_002, LONG - 1, "held")]
    assert summary(short).peak_step == 700_001
    for trace in (short, gs.trace(gs.parse(spike), gs.Run(steps=LONG))):
        line = path(trace)
        assert len(line.x) < 5000
        assert line.y.max() == 5
        assert lr_figure({"spike": trace}).axes[0].lines[0].get_ydata().max() == 5
        assert max(lr_lines({"spike": trace})[0].y) == 5
    assert "•" not in plot({"spike": short}, Screen())
    assert plot({"spike": short}, Screen()).split("\n")[2].strip(" 5┤│") != ""  # the top row is not empty


def test_thinning_keeps_both_ends_of_an_edge_and_both_extremes():
    trace = gs.trace(gs.MultiStepDecay([123_456]) * gs.CosineRestarts(997), gs.Run(steps=200_000))
    short = thin(trace, 4000)
    assert len(short.steps) <= 8000
    assert short.values.min() == trace.values.min()
    assert short.values.max() == trace.values.max()
    edge = thin(gs.trace(gs.MultiStepDecay([123_456]), gs.Run(steps=200_000)))
    assert {123_455, 123_456} <= set(edge.steps.tolist())


def test_a_curve_with_more_edges_than_points_is_drawn_with_few_points_and_keeps_its_peak():
    peak = gs.sequence([gs.Constant(), gs.Constant(5), gs.Constant()], milestones=[70_003, 70_004])
    line = path(gs.trace(gs.Triangular(1, start_factor=0.5) * peak, gs.Run(steps=300_000)))
    assert len(line.x) < 10_000
    assert (line.y.max(), line.y.min()) == (5, 0.5)


@pytest.mark.parametrize("steps", [200, 5000, LONG])
def test_a_very_slow_bend_is_not_cut_up_by_rounding(steps):
    slow = gs.CosineDecay(10**9)  # its first steps differ by less than float64 can tell apart
    found = rows(outline(slow, gs.Run(steps=steps), 0.1))
    assert [kind for _, _, kind in found][-1] == ("held" if steps == 200 else "falls")
    assert len(found) <= 2


def test_two_long_schedules_differ_where_one_step_differs():
    a = gs.MultiStepDecay([CHUNK + 17])
    found = first_difference(a, gs.Constant(), gs.Run(steps=LONG), 0.1)
    assert (found.step, found.mine, found.theirs) == (CHUNK + 17, pytest.approx(0.01), 0.1)
    assert first_difference(a, gs.MultiStepDecay([CHUNK + 17]), gs.Run(steps=LONG), 0.1) is None


@pytest.mark.parametrize(
    ("spec", "run", "says"),
    [
        ("ExponentialDecay(1.5)", gs.Run(steps=5000), "must stay a finite number, got inf at step 1 751"),
        ("Constant()", gs.Run(steps=10**10), "at most 1,000,000,000 steps"),
    ],
)
def test_what_cannot_be_drawn_is_refused(spec, run, says):
    with pytest.raises(gs.ScheduleError, match=says):
        outline(gs.parse(spec), run, 0.1)


def test_a_trace_of_several_groups_is_refused():
    with pytest.raises(gs.ScheduleError, match="one param group, got 2"):
        segments(gs.trace(gs.Constant(), gs.Run(steps=5), base_lr=[0.1, 0.2]))
    assert lr_of(gs.trace(gs.Constant(), gs.Run(steps=5), base_lr=[0.1])).shape == (5,)


@pytest.mark.parametrize("spec", SHAPES)
def test_a_line_is_the_trace_with_an_upright_edge_at_each_jump(spec):
    trace = curve(spec)
    line = path(trace)
    assert np.array_equal(line.x[~line.before], trace.steps)
    assert np.array_equal(line.y[~line.before], trace.values)
    jumps = trace.steps[stretches(trace).starts[stretches(trace).after_jump]]
    assert np.array_equal(line.x[line.before], jumps)
    assert np.array_equal(line.y[line.before], trace.values[jumps - 1])


# -- pictures ----------------------------------------------------------------------------------------------------------


def test_curves_differ_in_colour_and_in_dash():
    assert len({(COLOURS[i % len(COLOURS)], DASHES[i % len(DASHES)]) for i in range(42)}) == 42
    lines = lr_figure({f"curve {i}": epochs(spec) for i, spec in enumerate(SHAPES[:6])}).axes[0].lines
    for a, b in combinations(lines, 2):
        assert a.get_color() != b.get_color()
        assert a._unscaled_dash_pattern != b._unscaled_dash_pattern
    assert len({css_dash(i) for i in range(len(DASHES))}) == len(DASHES)


def test_axes_have_units():
    def labels(trace: gs.Trace) -> tuple[str, str]:
        ax = lr_figure({"a": trace}).axes[0]
        return ax.get_xlabel(), ax.get_ylabel()

    assert labels(epochs("Constant()")) == ("epoch", "learning rate")
    assert labels(curve("Constant()")) == ("step", "learning rate")
    with_epochs = gs.trace(gs.Constant(), gs.Run(epochs=3, steps_per_epoch=500))
    assert labels(with_epochs) == ("step (an epoch is 500 steps)", "learning rate")


@pytest.mark.parametrize(
    ("wall", "label", "end"),
    [
        ("24h", "time (hours)", 24),
        ("2h", "time (hours)", 2),
        ("90min", "time (minutes)", 90),
        ("119s", "time (seconds)", 119),
    ],
)
def test_a_wall_clock_is_drawn_in_the_unit_that_reads_best(wall, label, end, visit, tmp_path):
    curves = {"half": on_the_clock("MultiStepDecay(['50%'])", wall), "b": on_the_clock("CosineDecay('100%')", wall)}
    ax = lr_figure(curves).axes[0]
    assert ax.get_xlabel() == label
    assert ax.lines[0].get_xdata()[-1] == pytest.approx(end, rel=0.01)
    ax.figure.draw_without_rendering()
    assert len(ax.get_xticklabels()) >= 4
    assert label in plot(curves, Screen())
    write_file(tmp_path / "page.html", lr_page(curves))
    shown = visit(tmp_path / "page.html")
    shown.wait_for_selector(".scatterlayer path.js-line")
    assert shown.locator(".xtitle").text_content() == label
    x = shown.evaluate("[...document.querySelector('.plotly-graph-div').data[0].x]")
    assert x == pytest.approx(ax.lines[0].get_xdata().tolist())


@pytest.mark.parametrize(("wall", "seconds"), [("6h", 21_600), ("30min", 1800), ("90s", 90)])
def test_a_wall_clock_changes_the_numbers_on_the_axis_and_not_the_curve(wall, seconds):
    spec = "MultiStepDecay(['50%']).warmup('10%')"
    clock = plot({"a": on_the_clock(spec, wall)}, Screen()).splitlines()
    steps = plot({"a": gs.trace(gs.parse(spec), gs.Run(steps=seconds), base_lr=0.1)}, Screen()).splitlines()
    assert clock[:-3] == steps[:-3]
    numbers = clock[-2].split()
    assert (
        numbers == {"6h": list("012345"), "30min": ["0", "5", "10", "15", "20", "25"], "90s": steps[-2].split()}[wall]
    )


def test_a_time_on_the_wall_clock_is_written_as_a_clock_does():
    trace = on_the_clock("MultiStepDecay(['90min', '2.5h']).warmup('30s')", "100h")
    assert [line.split()[:2] for line in segments_table(trace, Screen()).splitlines()[2:]] == [
        ["0:00:00", "0:00:29"], ["0:00:30", "1:29:59"], ["1:30:00", "2:29:59"], ["2:30:00", "99:59:59"],
    ]  # fmt: skip
    assert "from h:mm:ss   to h:mm:ss" in segments_table(trace, Screen())
    assert "2:30:00" in summary_table({"a": trace}, Screen())
    assert "0:00:30" in lr_page({"a": trace})
    assert lr_lines({"a": trace})[0].text[-1] == "99:59:59"
    note = "(0 from 1:00:00 on, not on a log axis"
    assert note in legend({"a": on_the_clock("LinearDecay('1h')", "2h")}, Screen(), log=True)
    with pytest.raises(gs.ScheduleError, match="got inf at 0:29:11"):
        outline(gs.ExponentialDecay(1.5), gs.Run(wall="1h"), 0.1)


@given(st.integers(0, 10**9))
def test_a_clock_reading_says_every_second(second):
    hours, minutes, seconds = map(int, reading(gs.Run(wall="6h"), second).split(":"))
    assert 3600 * hours + 60 * minutes + seconds == second
    assert max(minutes, seconds) < 60


def test_a_staircase_is_drawn_with_upright_edges():
    (line,) = lr_figure({"a": epochs("MultiStepDecay([30, 60])")}).axes[0].lines
    moves = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(zip(*line.get_data(), strict=True))]
    assert all(dx == 0 or dy == 0 for dx, dy in moves)


LABELS = ["$x^$ costs 5$", "_hidden", "a <b> & c", "x" * 500, "two\nlines", " ", "%{x}", "${name}", r"\alpha"]


def test_a_label_is_shown_as_it_was_written_whatever_is_in_it(tmp_path):
    figure = lr_figure({label: epochs("CosineDecay(90)") for label in LABELS})
    save(figure, tmp_path / "labels.png")
    texts = [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    assert len(texts) == len(LABELS)
    assert texts[0] == r"\$x^\$ costs 5\$"
    assert texts[1].strip() == "_hidden"


def test_the_legend_lies_beside_the_curves_and_inside_the_picture():
    curves = {f"{i}: {'CosineDecay(90).clip(low=0.1) * ' * 5}Constant()": epochs("CosineDecay(90)") for i in range(6)}
    figure = lr_figure(curves)
    figure.draw_without_rendering()
    ax = figure.axes[0]
    box, plane = ax.get_legend().get_window_extent(), ax.get_window_extent()
    label = ax.xaxis.label.get_window_extent()
    assert not box.overlaps(plane)
    assert not box.overlaps(label)
    assert figure.bbox.x0 <= box.x0
    assert box.x1 <= figure.bbox.x1
    assert figure.bbox.y0 <= box.y0
    assert plane.height > 0.3 * figure.bbox.height


def test_ticks_of_a_long_run_do_not_touch():
    figure = lr_figure({"a": outline(gs.CosineDecay("100%"), gs.Run(steps=4_000_000), 0.1)})
    figure.draw_without_rendering()
    boxes = [label.get_window_extent() for label in figure.axes[0].get_xticklabels() if label.get_text()]
    assert not any(a.overlaps(b) for a, b in combinations(boxes, 2))


def test_a_log_axis_says_what_it_hides():
    curves = {"line": epochs("LinearDecay(60)"), "cosine": epochs("CosineDecay(90)")}
    ax = lr_figure(curves, log=True).axes[0]
    assert ax.get_yscale() == "log"
    assert ax.get_legend().get_texts()[0].get_text() == "line\n(0 from epoch 60 on, not on a log axis)"
    assert ax.get_legend().get_texts()[1].get_text() == "cosine"
    long = {"cosine": outline(gs.CosineDecay("100%"), gs.Run(steps=450_000), 0.1)}
    ax = lr_figure(long, log=True).axes[0]
    assert "down to 1.22e-12, below this axis" in ax.get_legend().get_texts()[0].get_text()
    assert ax.get_ylim()[0] > 1e-7


@pytest.mark.parametrize("draw", [lr_figure, lr_page, lambda curves, log: plot(curves, Screen(), log)])
def test_nothing_to_draw_is_refused(draw):
    with pytest.raises(gs.ScheduleError, match="at least one curve, got none"):
        draw({}, False)
    with pytest.raises(gs.ScheduleError, match="must have a learning rate > 0"):
        draw({"nothing": epochs("Constant(0)")}, True)


@pytest.mark.parametrize(
    ("lr", "log"), [(0.0, False), *((lr, log) for lr in (5e-324, 1e-300, 0.1, 1e300) for log in (False, True))]
)
@pytest.mark.parametrize("number", [1, 2, 90])
def test_every_size_of_rate_and_run_is_drawn(lr, number, log, tmp_path):
    curves = {"a": gs.trace(gs.MultiStepDecay([1], gamma=0.5), gs.Run(steps=number), base_lr=lr)}
    if lr not in (5e-324, 1e300):  # beyond what matplotlib's own ticks can count
        save(lr_figure(curves, log), tmp_path / "a.svg")
    assert "learning rate" in plot(curves, Screen(), log)
    assert "held" in segments_table(curves["a"], Screen())
    assert lr_page(curves, log).startswith("<!DOCTYPE html>")


def test_drawing_touches_no_global_style_and_no_pyplot_window(tmp_path):
    code = (
        "import sys, matplotlib, glideslope as gs\n"
        "from glideslope.views.figures import lr_figure, save\n"
        "before = dict(matplotlib.rcParams)\n"
        "save(lr_figure({'a': gs.trace(gs.Constant(), gs.Run(epochs=3))}), sys.argv[1])\n"
        "assert dict(matplotlib.rcParams) == before\n"
        "assert not {'torch', 'plotly', 'rich'} & set(sys.modules)\n"
        "import matplotlib.pyplot\n"
        "assert not matplotlib.pyplot.get_fignums()\n"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "a.png")], check=True)


def test_axes_come_in_and_the_same_axes_go_out():
    from matplotlib.figure import Figure

    ax = Figure().add_subplot()
    assert draw_lr(ax, {"a": epochs("Constant()")}) is ax


# -- files -------------------------------------------------------------------------------------------------------------


def test_pictures_are_png_and_svg_by_their_suffix(tmp_path):
    figure = lr_figure({"a": epochs("CosineDecay(90)")})
    save(figure, tmp_path / "a.png")
    save(figure, tmp_path / "a.SVG")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG\r\n")
    assert ElementTree.parse(tmp_path / "a.SVG").getroot().tag.endswith("svg")
    for name in ("a.jpg", "a", ".png"):
        with pytest.raises(gs.ScheduleError, match=r"must end in \.png or \.svg"):
            save(figure, tmp_path / name)


@pytest.mark.parametrize("place", ["missing/a.html", "", "folder", "a\0b.html", "x" * 300 + ".html", "file/a.html"])
def test_a_path_that_cannot_be_written_is_refused_in_one_line(place, tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("")
    with pytest.raises(gs.ScheduleError, match="the file must be writable, got") as error:
        write_file(str(tmp_path / place) if place else "", "text")
    assert "\n" not in str(error.value)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["file", "folder"]


def test_when_the_disk_is_full_the_old_file_stays(tmp_path):
    target = tmp_path / "page.html"
    target.write_text("old")
    code = (
        "import resource, signal, sys\n"
        "from glideslope.views.files import write_file\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "write_file(sys.argv[1], 'new' * 1000)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(target)], capture_output=True, text=True, check=False)
    assert "ScheduleError: the file must be writable" in done.stderr
    assert target.read_text() == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["page.html"]


def test_a_written_file_has_the_rights_of_any_new_file_and_a_link_stays_a_link(tmp_path):
    (tmp_path / "plain").write_text("")
    write_file(tmp_path / "new", "text")
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "plain").stat().st_mode
    (tmp_path / "link").symlink_to(tmp_path / "new")
    write_file(tmp_path / "link", "more")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "new").read_text() == "more"


# -- text --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("spec", SHAPES)
def test_text_fits_80_columns_and_has_no_colour_unless_asked(spec, log):
    curves = {f"{spec} {'and more ' * 40}": epochs(spec), "b": epochs("CosineDecay(90)")}
    for shown in (curves, {"a": epochs(spec)}):
        for screen in (Screen(), Screen(unicode=False)):
            text = "".join([plot(shown, screen, log), legend(shown, screen, log), summary_table(shown, screen)])
            text += segments_table(epochs(spec), screen)
            assert max(map(len, text.splitlines())) <= 80
            assert "\x1b" not in text
            assert screen.unicode or text.isascii()
    assert "\x1b[38;5;" in plot(curves, Screen(colour=True), log)


def test_the_widest_numbers_fit_80_columns():
    trace = gs.trace(gs.ExponentialDecay(0.9999991) * 1.234567e-100, gs.Run(steps=20_000_000), 0.1234567)
    trace = gs.Trace(gs.CosineDecay(100_000_000), trace.run, trace.steps, trace.values)
    text = summary_table({"a": trace, "b": trace}, Screen()) + segments_table(trace, Screen())
    assert max(map(len, text.splitlines())) <= 80


def test_several_curves_differ_without_colour():
    text = plot({"a": epochs("MultiStepDecay([30])"), "b": epochs("LinearDecay(90)")}, Screen())
    assert text.count("•") > 30
    assert text.count("x") > 20
    assert legend({"a": epochs("Constant()"), "b": epochs("Constant()")}, Screen()) == "• a\nx b\n"


def test_a_curve_is_where_it_belongs():
    lines = plot({"a": epochs("MultiStepDecay([45], gamma=0.5)"), "b": epochs("Constant(0)")}, Screen()).split("\n")
    top, bottom = (next(line for line in lines if line.startswith(tick)) for tick in (" 0.1┤", "   0┤"))
    middle = next(line for line in lines[3:] if "•••" in line)
    assert top.count("•") == pytest.approx(37, abs=2)
    assert middle.count("•") == pytest.approx(37, abs=2)
    assert top.rindex("•") <= middle.index("•") + 1
    assert lines.index(middle) - lines.index(top) == pytest.approx(lines.index(bottom) - lines.index(middle), abs=1)
    assert bottom.count("x") > 70


def test_a_label_with_markup_is_shown_as_it_is():
    assert "[bold]x[/bold] :smile: [30, 60]" in legend(
        {"[bold]x[/bold] :smile: [30, 60]": epochs("Constant()")}, Screen()
    )


def test_a_long_table_says_how_many_rows_are_left_out():
    text = segments_table(curve("StepDecay(2, gamma=0.99)", 90), Screen(), rows=12)
    assert "33 rows left out" in text
    assert len(text.splitlines()) == 2 + 12 + 1
    assert "rows left out" not in segments_table(curve("StepDecay(2, gamma=0.99)", 26), Screen(), rows=12)


def test_a_table_also_counts_epochs_when_an_epoch_has_several_steps():
    run = gs.Run(epochs=90, steps_per_epoch=5004)
    text = segments_table(gs.trace(gs.MultiStepDecay(["30ep", "60ep"]), run), Screen())
    assert text.splitlines()[0].split() == ["from", "step", "to", "step", "from", "epoch", "lr", "to", "lr"]
    assert [line.split()[4:] for line in text.splitlines()[3:]] == [["30", "0.1", "held"], ["60", "0.01", "held"]]


@given(low=st.floats(-1e6, 1e6), size=st.floats(1e-9, 1e9), most=st.integers(3, 9))
@settings(max_examples=200, deadline=None)
def test_ticks_are_few_even_and_inside(low, size, most):
    found = ticks(low, low + size, most)
    assert 1 <= len(found) <= most + 1
    assert all(low - 1e-6 * size <= each <= low + size + 1e-6 * size for each in found) or size < 1e-6 * abs(low)


def test_text_is_plain_where_the_encoding_has_no_more():
    stream = io.TextIOWrapper(io.BytesIO(), encoding="latin-1")
    assert Screen.of(stream) == Screen(80, False, False)
    assert Screen.of(io.TextIOWrapper(io.BytesIO(), encoding="utf-8")) == Screen(80, False, True)


# -- for machines ------------------------------------------------------------------------------------------------------


def test_csv_has_every_step_and_reads_back_exactly():
    schedules = {"a": gs.CosineDecay("100%"), "b, c": gs.MultiStepDecay(["50%"])}
    run = gs.Run(steps=CHUNK + 3)
    lines = "".join(to_csv(schedules, run, 0.1)).split("\n")
    assert lines[:2] == ['step,a,"b, c"', "0,0.1,0.1"]
    assert lines[-1] == ""
    assert [line.partition(",")[0] for line in lines[1:-1]] == list(map(str, range(CHUNK + 3)))
    for column, schedule in enumerate(schedules.values(), 1):
        values = gs.trace(schedule, run, base_lr=0.1).values
        for part in (slice(0, 1000), slice(CHUNK // 2 - 9, CHUNK // 2 + 9), slice(CHUNK - 9, CHUNK + 3)):
            assert [float(line.split(",")[column]) for line in lines[1:-1][part]] == values[part].tolist()


def test_json_says_when_it_left_something_out():
    def read(spec: str, steps: int) -> dict:
        schedule, run = gs.parse(spec), gs.Run(steps=steps)
        return json.loads(to_json({"a": schedule}, {"a": outline(schedule, run, 0.1)}, 0.1, []))["schedules"][0]

    short, long = read("CosineDecay('100%')", 90), read("CosineRestarts(20)", 200_000)
    assert short["trace"]["every_step"] is True
    assert short["trace"]["lr"] == curve("CosineDecay(90)").values.tolist()
    assert short["segments_left_out"] == 0
    assert long["trace"]["every_step"] is False
    assert len(long["trace"]["step"]) < 50_000
    assert long["segments_left_out"] == 8000
    assert len(long["segments"]) == 2000
    assert gs.from_dict(short["dict"]) == gs.CosineDecay("100%") == gs.parse(short["spec"])


# -- pages -------------------------------------------------------------------------------------------------------------

NASTY = '<script>alert(1)</script> <b>bold</b> %{y} & "quoted" [a](b)'


@pytest.fixture(scope="module")
def example(tmp_path_factory) -> Path:
    target = tmp_path_factory.mktemp("page") / "curves.html"
    curves = {
        "stairs": epochs("MultiStepDecay([30, 60, 80], gamma=0.1).warmup(5)"),
        "cosine": epochs("CosineDecay(90)"),
        NASTY: epochs("CosineRestarts(20)"),
    }
    write_file(target, lr_page(curves))
    return target


def test_the_page_draws_every_curve_offline_in_a_real_browser(example, visit):
    shown = visit(example)
    shown.wait_for_selector(".scatterlayer path.js-line")
    paths = shown.eval_on_selector_all(".scatterlayer path.js-line", "nodes => nodes.map(n => n.getAttribute('d'))")
    assert len(paths) == 3
    assert all(len(each) > 40 for each in paths)
    dashes = shown.eval_on_selector_all(".scatterlayer path.js-line", "ns => ns.map(n => n.style.strokeDasharray)")
    assert len(set(dashes)) == 3
    drawn = shown.evaluate("document.querySelector('.plotly-graph-div').data.map(d => [...d.y])")
    assert drawn[1] == epochs("CosineDecay(90)").values.tolist()
    assert shown.locator("table tr").count() == 4
    buttons = shown.eval_on_selector_all(".modebar-btn", "ns => ns.map(n => n.dataset.title)")
    assert "Zoom" in buttons
    assert not [each for each in buttons if "share" in each.lower() or "cloud" in each.lower()]


def test_hovering_tells_step_and_rate(example, visit):
    shown = visit(example)
    shown.wait_for_selector(".scatterlayer path.js-line")
    spot = shown.evaluate(
        """() => { const g = document.querySelector('.plotly-graph-div'), f = g._fullLayout,
           b = g.querySelector('.nsewdrag').getBoundingClientRect();
           return [b.x + f.xaxis.d2p(45), b.y + f.yaxis.d2p(0.01)]; }"""
    )
    shown.mouse.move(*spot)
    shown.wait_for_selector(".hoverlayer .hovertext")
    assert shown.locator(".hoverlayer .hovertext").text_content() == "stairsepoch 45: 0.01"


def test_what_a_user_wrote_is_text_on_the_page(example, visit):
    shown = visit(example)
    shown.wait_for_selector(".legendtext")
    assert shown.locator("td").nth(14).inner_text() == NASTY
    legend = shown.locator(".legendtext").nth(2).text_content()
    assert "<script>alert(1)</script> <b>bold</b> %{y} &" in legend
    assert "<script>alert" not in example.read_text()


@pytest.mark.parametrize("width", [380, 1200])
def test_the_page_fits_a_telephone_and_a_desk(example, visit, width):
    shown = visit(example, width)
    shown.wait_for_selector(".scatterlayer path.js-line")
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
    box = shown.locator(".plotly-graph-div").bounding_box()
    assert box["width"] > 0.8 * width
    legend, plane = shown.locator(".legend").bounding_box(), shown.locator(".nsewdrag").bounding_box()
    assert legend["y"] > plane["y"] + plane["height"]


def test_a_page_of_several_figures_holds_plotly_once_and_escapes_its_headings(tmp_path, visit):
    import plotly.graph_objects as go

    figures = [(f"<i>{n}</i>", go.Figure(lr_lines({"a": epochs("CosineDecay(90)")}))) for n in range(3)]
    text = page("A <title>", [("words", "<p id='own'>mine</p>"), *figures])
    assert text.count("plotly.js v") == 1
    target = tmp_path / "page.html"
    target.write_text(text)
    shown = visit(target)
    shown.wait_for_function("document.querySelectorAll('.scatterlayer path.js-line').length == 3")
    assert shown.title() == "A <title>"
    assert shown.locator("h2").all_inner_texts() == ["words", "<i>0</i>", "<i>1</i>", "<i>2</i>"]
    assert shown.locator("#own").inner_text() == "mine"
    assert "plotly.js v" not in page("no figures", [("words", "<p>mine</p>")])
