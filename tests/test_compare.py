"""A comparison from its first cell to its report: what is trained, what is not trained again, what is refused."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from glideslope import ScheduleError
from glideslope.lab.compare import compare
from glideslope.lab.plan import Entry, Plan
from glideslope.lab.store import Store
from glideslope.lab.task import TaskFile
from test_lab_task import tiny

ENTRIES = ("first=Constant()", "falling=LinearDecay('3ep')")


class Lab:
    """A task file that logs each epoch it trains, and a folder to compare in."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.at, self.folder = folder, folder / "run"
        self.log = folder / "epochs.log"
        monkeypatch.setenv("TINY_LOG", str(self.log))

    def compare(self, *entries: str, more: str = "", **settings: Any) -> dict[str, Any]:
        self.heard = io.StringIO()
        settings = {"seeds": 2, "epochs": 3, "optimizer": "SGD(lr=0.5)"} | settings
        plan = Plan(tuple(map(Entry.parse, entries or ENTRIES)), TaskFile.parse(tiny(self.at, more)), **settings)
        return compare(plan, self.folder, jobs=1, stream=self.heard)

    def epochs(self) -> int:
        return len(self.log.read_text().splitlines()) if self.log.exists() else 0

    def files(self) -> dict[str, tuple[int, bytes]]:
        return {
            str(path): (path.stat().st_mtime_ns, path.read_bytes())
            for path in self.folder.rglob("*")
            if path.is_file() and path.name != ".lock"
        }


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lab:
    return Lab(tmp_path, monkeypatch)


def refuse_constants(text: str) -> float:
    raise AssertionError(f"{text} is not JSON")


def test_a_comparison_leaves_results_a_report_and_a_picture(lab: Lab) -> None:
    returned = lab.compare()
    assert lab.epochs() == 2 * 2 * 3
    stored = json.loads((lab.folder / "results.json").read_text(), parse_constant=refuse_constants)
    assert stored == json.loads(json.dumps(returned))
    assert [each["name"] for each in stored["schedules"]] == ["first", "falling"]
    assert [(each["name"], each["seed"]) for each in stored["cells"]] == [("first", 0), ("falling", 0), ("first", 1), ("falling", 1)]  # fmt: skip
    assert stored["cells"][0]["history"][0] == stored["cells"][1]["history"][0] | {"train_loss": stored["cells"][0]["history"][0]["train_loss"], "metrics": stored["cells"][0]["history"][0]["metrics"]}  # fmt: skip
    assert sorted(path.name for path in lab.folder.iterdir()) == [".lock", "cells", "report.html", "report.png", "results.json", "run.json"]  # fmt: skip
    assert "first, seed 0: final error" in lab.heard.getvalue()


def test_a_finished_comparison_is_read_and_not_trained_again(lab: Lab) -> None:
    first = lab.compare()
    files, epochs = lab.files(), lab.epochs()
    assert lab.compare() == json.loads(json.dumps(first))
    assert (lab.files(), lab.epochs(), lab.heard.getvalue()) == (files, epochs, "")


def test_what_was_lost_after_the_last_cell_is_put_together_again_without_training(lab: Lab) -> None:
    first = lab.compare()
    epochs = lab.epochs()
    for name in ("results.json", "report.html"):
        (lab.folder / name).unlink()
    again = lab.compare()
    assert (again["cells"], again["schedules"]) == (first["cells"], first["schedules"])
    assert (lab.folder / "report.html").exists()
    assert lab.epochs() == epochs


def test_what_a_kill_left_of_a_cell_that_had_just_ended_is_removed(lab: Lab) -> None:
    lab.compare()
    (lab.folder / "results.json").unlink()
    for name in ("first-seed0.pt", "first-seed0.progress", "first-seed0.lock", ".first-seed1.json.abc.part"):
        (lab.folder / "cells" / name).write_text("")
    lab.compare()
    assert {path.suffix for path in (lab.folder / "cells").iterdir()} == {".json"}


def test_another_command_on_the_same_folder_is_refused_with_the_difference(lab: Lab) -> None:
    lab.compare()
    files, epochs = lab.files(), lab.epochs()
    with pytest.raises(ScheduleError) as caught:
        lab.compare("first=Constant()", "falling=LinearDecay('4ep')", seeds=3)
    assert str(caught.value) == (
        f"--out: {lab.folder} holds another comparison, made by another command: schedule of `falling` was "
        "LinearDecay('3ep'), is LinearDecay('4ep'); seeds was 2, is 3. Choose another --out."
    )
    with pytest.raises(ScheduleError, match=r"task file's SHA-256 was \w+, is \w+\. Choose"):
        lab.compare(more="# changed\n")
    assert (lab.files(), lab.epochs()) == (files, epochs)


def test_a_folder_in_which_nothing_was_trained_yet_may_be_used_by_another_command(lab: Lab) -> None:
    with pytest.raises(KeyboardInterrupt):
        lab.compare(more="def batches(self, epoch): raise KeyboardInterrupt\nTiny.batches = batches\n")
    assert lab.compare(seeds=1)["plan"]["seeds"] == 1


def test_a_comparison_begun_with_other_versions_does_not_go_on_and_a_finished_one_is_still_read(lab: Lab) -> None:
    lab.compare()
    store = Store(lab.folder)
    about = json.loads(store.run_file.read_text())
    store.run_file.write_text(json.dumps(about | {"versions": about["versions"] | {"torch": "1.0"}}))
    lab.compare()
    (lab.folder / "cells" / "first-seed1.json").unlink()
    with pytest.raises(ScheduleError, match=r"begun with other versions: torch was 1\.0, is 2"):
        lab.compare()


def test_a_folder_with_something_else_in_it_is_refused(lab: Lab) -> None:
    lab.folder.mkdir()
    (lab.folder / "thesis.tex").write_text("years of work")
    with pytest.raises(
        ScheduleError, match=r"must be a new directory, or one that compare has made, got 'one with thesis"
    ):
        lab.compare()
    assert [path.name for path in lab.folder.iterdir()] == ["thesis.tex"]


def test_a_file_where_the_folder_should_be_is_refused(lab: Lab) -> None:
    lab.folder.write_text("")
    with pytest.raises(ScheduleError, match=r"^--out: .* must be a directory to write to, got: Not a directory\.$"):
        lab.compare()


def test_a_plan_that_cannot_be_carried_out_leaves_nothing_behind(lab: Lab) -> None:
    with pytest.raises(ScheduleError):
        lab.compare(optimizer="SGD(lr=-1)")
    assert not lab.folder.exists()


def test_a_rate_that_is_not_finite_is_refused_before_anything_is_trained(lab: Lab) -> None:
    with pytest.raises(ScheduleError, match=r"^huge: .*finite"):
        lab.compare("first=Constant()", "huge=Constant(1e308)", optimizer="SGD(lr=100)")
    assert lab.epochs() == 0


def test_a_run_file_that_does_not_read_is_refused(lab: Lab) -> None:
    lab.compare()
    (lab.folder / "run.json").write_text('{"format": 1,')
    with pytest.raises(ScheduleError, match=r"run\.json does not read"):
        lab.compare()


@pytest.mark.parametrize("damage", ['{"plan": ', "", "[]", '{"plan": "other", "status": "done"}'])
def test_a_result_that_does_not_read_is_trained_again_and_that_is_said(lab: Lab, damage: str) -> None:
    first = lab.compare()
    epochs = lab.epochs()
    (lab.folder / "cells" / "falling-seed1.json").write_text(damage)
    again = lab.compare()
    assert (again["cells"], again["schedules"]) == (first["cells"], first["schedules"])
    assert lab.epochs() == epochs + 3
    assert "falling-seed1.json does not read (" in lab.heard.getvalue()
    assert "falling, seed 1 is trained again." in lab.heard.getvalue()


def test_a_task_file_that_changes_while_it_runs_is_noticed(lab: Lab) -> None:
    """The first cell changes the file; the second is not trained by what is in it now."""
    code = """
def evaluate(self, inner=Tiny.evaluate):
    with open(__file__, "a") as file:
        file.write("# changed")
    return inner(self)
Tiny.evaluate = evaluate
"""
    found = lab.compare(more=code, seeds=1)
    assert [each["status"] for each in found["cells"]] == ["done", "failed"]
    assert "must stay as they were while it runs, got a change." in found["cells"][1]["error"]


def test_a_second_comparison_in_the_folder_of_a_running_one_is_refused(lab: Lab) -> None:
    store = Store(lab.folder)
    store.create()
    with store.lock(), pytest.raises(ScheduleError, match="must be used by one compare at a time"):
        lab.compare()
    lab.compare()


FAILS = """
def loss(self, batch, inner=Tiny.loss):
    self.step = getattr(self, "step", 0) + 1
    if os.environ.get("TINY_FAIL") and self.seed == 1 and self.step == 20:
        raise ValueError("no <luck>")
    return inner(self, batch)
Tiny.loss = loss
"""


def test_a_cell_that_fails_leaves_the_others_alone_and_is_tried_again(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TINY_FAIL", "1")
    found = lab.compare(more=FAILS)
    assert [each["status"] for each in found["cells"]] == ["done", "done", "failed", "failed"]
    assert found["schedules"][1]["against_first"]["final"]["seeds"] == [0]
    assert "in loss\n    raise ValueError(\"no &lt;luck&gt;\")" in (lab.folder / "report.html").read_text().replace("&quot;", '"')  # fmt: skip
    monkeypatch.delenv("TINY_FAIL")
    epochs = lab.epochs()
    again = lab.compare(more=FAILS)
    assert [each["status"] for each in again["cells"]] == ["done"] * 4
    assert lab.epochs() == epochs + 2  # from their checkpoints: the third epoch of two cells
    assert "first, seed 1 failed before (ValueError: no <luck>): it is tried again." in lab.heard.getvalue()


def test_a_task_that_can_never_be_made_fails_every_cell_and_still_gives_a_report(lab: Lab) -> None:
    found = lab.compare(more="def make_task(seed): raise OSError('no data')\n")
    assert {each["status"] for each in found["cells"]} == {"failed"}
    assert "OSError: no data" in (lab.folder / "report.html").read_text()


def test_a_task_that_cannot_be_made_for_one_seed_fails_there_alone(lab: Lab) -> None:
    code = "def make_task(seed):\n    if seed == 0: raise OSError('no data')\n    return Tiny(seed)\n"
    found = lab.compare(more=code)
    assert [each["status"] for each in found["cells"]] == ["failed", "failed", "done", "done"]


def test_what_a_cell_did_not_need_is_no_time_left(lab: Lab) -> None:
    from glideslope.lab.progress import Watch, time_left

    plan = Plan(tuple(map(Entry.parse, ENTRIES)), TaskFile.parse(tiny(lab.at)), seeds=2, epochs=30)
    store = Store(lab.folder)
    store.create()
    watch = Watch(store, plan, plan.cells(), "error")
    store.end(plan.cells()[0], {"status": "done", "epochs": 10, "final": 0.5, "stopped_early": 10})
    store.note_progress(plan.cells()[1], 5, 0.25)
    said = [(str(cell), epochs, text, ended) for cell, epochs, text, ended in watch.look()]
    assert said == [
        ("first, seed 0", 10, "stopped early after epoch 10, final error 0.5", True),
        ("falling, seed 0", 5, "error 0.25", False),
    ]
    assert (watch.done, watch.total) == (35, 120)
    assert time_left(35, 120, 70.0) == "2:50 left"


def test_the_results_do_not_depend_on_the_process_that_trained(lab: Lab) -> None:
    """Two processes, whose own thread counts differ from this one's."""
    here = lab.compare()
    plan = Plan(tuple(map(Entry.parse, ENTRIES)), TaskFile.parse(tiny(lab.at)), 2, 3, optimizer="SGD(lr=0.5)")
    there = compare(plan, lab.folder.with_name("two"), jobs=2, stream=io.StringIO())
    assert (there["cells"], there["schedules"]) == (here["cells"], here["schedules"])
