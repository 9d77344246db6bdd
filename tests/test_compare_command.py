"""The command as it is typed: real processes, real kills, a real browser, a real Ray cluster."""

import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from glideslope.cli import main
from glideslope.lab.compare import compare as run_compare
from glideslope.lab.plan import Entry, Plan
from glideslope.lab.task import TaskFile
from test_lab_task import tiny

COMMAND = ["first=Constant()", "step=StepDecay('2ep', gamma=0.5)", "own=CosineDecay('5ep') @ AdamW(lr=0.01)"]
SETTINGS = ["--seeds", "2", "--epochs", "5", "--optimizer", "SGD(lr=0.5, momentum=0.9)"]


def start(folder: Path, *more: str, seconds: float = 0.0) -> "subprocess.Popen[str]":
    """Start the command in a process group of its own; each epoch takes ``seconds``."""
    call = [sys.executable, "-c", "from glideslope.cli import main; main()", "compare", *COMMAND, *SETTINGS]
    return subprocess.Popen(
        [*call, "--task", tiny(folder.parent), "--out", str(folder), "--jobs", "2", *more],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        env=os.environ | {"TINY_SLEEP": str(seconds), "TINY_LOG": str(folder.parent / "epochs.log")},
    )  # fmt: skip


def wait_for(condition: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def epochs(folder: Path) -> int:
    log = folder.parent / "epochs.log"
    return len(log.read_text().splitlines()) if log.exists() else 0


def workers(process: "subprocess.Popen[str]") -> list[int]:
    """The processes that train: the ones joblib has started in the group, two of them."""
    found = subprocess.run(["ps", "-ww", "-eo", "pid,pgid,args"], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 2) for line in found.splitlines()[1:]]
    return [int(pid) for pid, group, args in rows if int(group) == process.pid and "--process-name LokyProcess" in args]


@pytest.fixture(scope="module")
def never_stopped(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the same command gives in one process, in one go."""
    folder = tmp_path_factory.mktemp("never")
    plan = Plan(
        tuple(map(Entry.parse, COMMAND)), TaskFile.parse(tiny(folder)), 2, 5, optimizer="SGD(lr=0.5, momentum=0.9)"
    )
    found = run_compare(plan, folder / "run", jobs=1, stream=io.StringIO())
    return json.loads(json.dumps(found))  # type: ignore[no-any-return]


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
def test_whatever_is_killed_the_same_command_goes_on_and_ends_with_the_same_numbers(
    tmp_path: Path, never_stopped: dict[str, Any]
) -> None:
    """Ctrl-C, then one worker killed, then everything killed, then the rest in one go."""
    folder = tmp_path / "run"

    def go_on_until(enough: Callable[[], object]) -> "subprocess.Popen[str]":
        process = start(folder, seconds=0.3)
        wait_for(enough)
        return process

    stopped = go_on_until(lambda: epochs(folder) >= 4)
    os.killpg(stopped.pid, signal.SIGINT)
    out, err = stopped.communicate()
    before = epochs(folder)
    assert (stopped.returncode, out) == (130, "")
    assert re.fullmatch(
        r"Stopped\. 0 of 6 trainings have ended, .*\nRun the same command to go on\.\n", err.split("left)\n")[-1]
    ), err

    struck = go_on_until(lambda: epochs(folder) >= before + 2)
    os.kill(workers(struck)[0], signal.SIGKILL)
    _, err = struck.communicate()
    assert struck.returncode == 1
    assert "Stopped, because a worker process was killed" in err
    assert "Traceback" not in err

    killed = go_on_until(lambda: list(folder.glob("cells/*.json")))
    finished = {path: path.stat().st_mtime_ns for path in folder.glob("cells/*.json")}
    assert finished
    os.killpg(killed.pid, signal.SIGKILL)
    killed.communicate()

    last = start(folder)
    out, err = last.communicate()
    assert last.returncode == 0, err
    results = json.loads((folder / "results.json").read_text())
    assert results["cells"] == never_stopped["cells"]
    assert results["schedules"] == never_stopped["schedules"]
    assert {path: path.stat().st_mtime_ns for path in finished} == finished
    assert epochs(folder) <= 6 * 5 + 3 * 2  # each stop costs each of two workers the epoch it was in
    assert sorted(path.name for path in folder.iterdir()) == [".lock", "cells", "report.html", "report.png", "results.json", "run.json"]  # fmt: skip
    assert [path.name for path in (folder / "cells").iterdir() if path.suffix != ".json"] == []


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
def test_workers_whose_compare_was_killed_stop_after_the_epoch_they_are_in(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    process = start(folder, seconds=0.3)
    wait_for(lambda: epochs(folder) >= 2)
    left = workers(process)
    assert len(left) == 2
    os.kill(process.pid, signal.SIGKILL)
    wait_for(lambda: not any(Path(f"/proc/{pid}").exists() for pid in left))
    process.communicate()
    assert epochs(folder) < 12


def test_a_ray_cluster_gives_the_same_numbers(tmp_path: Path, never_stopped: dict[str, Any]) -> None:
    pytest.importorskip("ray")
    process = start(tmp_path / "run", "--engine", "ray", "--json")
    out, err = process.communicate()
    assert process.returncode == 0, err
    results = json.loads(out)
    assert results["cells"] == never_stopped["cells"]
    assert results["schedules"] == never_stopped["schedules"]


# -- in this process ---------------------------------------------------------------------------------------------------


@pytest.fixture
def compare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: Any) -> Callable[..., tuple[int, str, str]]:
    """Run the command line; return its exit code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["glideslope", "compare", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capfd.readouterr()
        assert isinstance(ended.value.code, int)
        return ended.value.code, captured.out, captured.err

    return call


DIGITS = ("--data", "digits", "--seeds", "2", "--epochs", "2", "--jobs", "1", "--batch-size", "200", "--out", "run")


def test_json_is_results_json_and_nothing_else(compare: Callable[..., tuple[int, str, str]]) -> None:
    code, out, err = compare("a=Constant()", "b=Constant(0.5)", *DIGITS, "--json")
    assert code == 0
    assert out == Path("run/results.json").read_text()
    assert "a, seed 0: final accuracy" in err
    again = compare("a=Constant()", "b=Constant(0.5)", *DIGITS, "--json")
    assert again == (0, out, "")


def test_a_training_that_diverges_is_reported_and_the_exit_code_is_0(
    compare: Callable[..., tuple[int, str, str]],
) -> None:
    code, out, _ = compare("a=Constant()", "high=Constant(1e30)", *DIGITS)
    assert code == 0
    assert "2 diverged" in out
    assert "high, seed 0: diverged, is in no mean: the loss was" in out
    assert "Report: run/report.html, run/report.png, run/results.json" in out
    assert max(map(len, out.splitlines())) <= 80


def test_a_task_that_raises_is_reported_and_the_exit_code_is_1(
    compare: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    raises = "def loss(self, batch): raise ValueError('no luck')\nTiny.loss = loss\n"
    task = tiny(tmp_path, raises)
    code, out, _ = compare("a=Constant()", "--task", task, "--seeds", "1", "--jobs", "1", "--out", "run")
    assert code == 1
    assert "a, seed 0: failed, its traceback is in the report: ValueError: no luck." in out
    assert "ValueError: no luck" in Path("run/report.html").read_text()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], r"Missing argument 'NAME=SPEC\.\.\.'\. See `glideslope compare --help`\."),
        (["StepDecay(5)"], "compare: an entry must be name=SCHEDULE, such as .*"),
        (["a=StepDecay(0)"], r"a: StepDecay: `step_size` must be steps >= 1, got 0\.(?s:.*)"),
        (["a=Constant()", "a=Constant()"], r"compare must have one entry of each name, got 'a twice'\."),
        (["a=Constant()", "--seeds", "0"], r"compare: `--seeds` must be a whole number >= 1, got 0\."),
        (["a=Constant()", "--seeds", "three"], "compare: `--seeds` must be a whole number >= 1, got 'three'."),
        (["a=Constant()", "--epochs", "1.5"], "compare: `--epochs` must be a whole number >= 1, got 1.5."),
        (["a=Constant()", "--epochs", "-1"], r"compare: `--epochs` must be a whole number >= 1, got -1\."),
        (["a=Constant()", "--data", "mnist"], r"--data must be fashion, digits or a folder of IDX files, got 'mnist'\."),
        (["a=Constant()", "--data", "."], r"--data: \. must hold train-images-idx3-ubyte or .*, got neither\."),
        (["a=Constant()", "--batch-size", "0"], r"compare: `--batch-size` must be a whole number >= 1, got 0\."),
        (["a=Constant()", "--task", "x.py:f"], r"--task must name a file that is there, got 'x\.py'\."),
        (["a=Constant()", "--task", "x.py:f", "--data", "digits"], r"compare: `--data` must come without `--task`, .*; got both\."),
        (["a=Constant()", "--task", "x.py:f", "--batch-size", "8"], r"compare: `--batch-size` must come without `--task`, .*; got both\."),
        (["a=Constant()", "--optimizer", "SDG()"], r"--optimizer must name a class of torch\.optim, got 'SDG'\. Did you mean `SGD`\?"),
        (["a=Constant() @ SGD(lr=-1)"], r"--optimizer: SGD\(lr=-1\) must be as torch\.optim\.SGD takes it: .*"),
        (["a=Constant()", "--per", "batch"], "compare: `--per` must be one of \"step\", \"epoch\", got 'batch'."),
        (["a=Constant()", "--early-stop", "3"], r"--early-stop must be patience=N or patience=N,min_delta=X, got '3'\."),
        (["a=Constant()", "--engine", "dask"], "compare: `--engine` must be one of \"processes\", \"ray\", got 'dask'."),
        (["a=Constant()", "--ray-address", "auto"], "compare: `--ray-address` must come with `--engine ray`, got 'processes'."),
        (["a=Constant()", "--jobs", "0"], r"compare: `--jobs` must be a whole number >= 1, got 0\."),
        (["a=Constant()", "--out", "/dev/null/x"], r"--out: /dev/null/x must be a directory to write to, got: Not a directory\."),
        (["a=StepDecay('5tok')"], r"a: Run: `tokens_per_step` must be given to turn '5tok' \(tokens\) into steps, got None\..*"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)  # fmt: skip
def test_a_bad_value_is_one_line_and_exit_code_2(
    compare: Callable[..., tuple[int, str, str]], arguments: list[str], message: str
) -> None:
    given = arguments if "--data" in arguments or "--task" in arguments else [*arguments, "--data", "digits"]
    code, out, err = compare(*given)
    assert (code, out) == (2, "")
    assert re.fullmatch(f"glideslope: {message}\n", err), err
    assert not Path("runs").exists()


def test_ray_that_does_not_answer_is_one_line(compare: Callable[..., tuple[int, str, str]]) -> None:
    pytest.importorskip("ray")
    code, _, err = compare("a=Constant()", *DIGITS, "--engine", "ray", "--ray-address", "127.0.0.1:1")
    assert code == 2
    assert err.startswith(
        "glideslope: --ray-address must be auto or HOST:PORT of a Ray cluster that answers, got '127."
    )


def test_the_task_on_the_page_is_a_whole_one(compare: Callable[..., tuple[int, str, str]]) -> None:
    page = (Path(__file__).parent.parent / "docs" / "compare.md").read_text(encoding="utf-8")
    Path("my_task.py").write_text(page.split("```python\n")[1].split("```")[0])
    code, _, err = compare(
        "a=Constant()", "b=CosineDecay('100%')", "--task", "my_task.py:make_task", "--epochs", "2", "--jobs", "1"
    )
    assert code == 0, err
    assert Path("runs/compare/report.html").exists()


def test_the_report_works_in_a_browser_without_a_network(
    compare: Callable[..., tuple[int, str, str]], tmp_path: Path, visit: Callable[..., Any]
) -> None:
    compare("a=Constant()", "b=StepDecay('1ep') @ AdamW(lr=0.001)", "high=Constant(1e30)", *DIGITS)
    page = visit(tmp_path / "run" / "report.html")
    page.wait_for_selector(".js-plotly-plot .main-svg")
    headings = page.locator("h2").all_inner_texts()
    assert headings[0] == "What the schedule changed"
    assert page.locator(".js-plotly-plot").count() == 4  # rates, losses, metric, finals
    assert [each.inner_text() for each in page.locator("table").first.locator("td:first-child").all()] == [
        "a",
        "b",
        "high",
    ]
    points = page.evaluate(
        "[...document.querySelectorAll('.js-plotly-plot')].at(-1).data"
        ".filter(each => each.text).map(each => [each.name, each.y.length])"
    )
    assert points == [["a", 2], ["b", 2], ["high", 0]]  # every seed that ended
    text = page.locator("body").inner_text()
    assert "glideslope compare 'a=Constant()' \"b=StepDecay('1ep') @ AdamW(lr=0.001)\"" in text
    assert re.search(r"glideslope \d+\.\d+\.\d+, torch \d", text)
    assert (tmp_path / "run" / "report.png").read_bytes()[:4] == b"\x89PNG"


def test_the_command_line_starts_without_torch() -> None:
    code = "import sys, glideslope.cli.app; print([m for m in ('torch', 'joblib', 'numpy', 'rich.progress') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() in ("[]", "['numpy']")
