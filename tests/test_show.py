"""``glideslope show``: the installed command, in processes of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import glideslope as gs
from glideslope.cli import main

COMMAND = str(Path(sys.executable).with_name("glideslope"))
GOYAL = "MultiStepDecay([30, 60, 80], gamma=0.1).warmup(5)"


def run(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    clean = {key: value for key, value in os.environ.items() if key not in ("COLUMNS", "FORCE_COLOR", "NO_COLOR")}
    return subprocess.run(
        [COMMAND, *arguments], capture_output=True, text=True, check=False, encoding="utf-8", env={**clean, **env}
    )


def show(*arguments: str, **env: str) -> str:
    done = run("show", *arguments, **env)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


# -- what it shows -----------------------------------------------------------------------------------------------------


def test_show_tells_what_the_issue_asks_for():
    text = show(GOYAL, "--lr", "0.1", "--epochs", "90")
    lines = [line.split() for line in text.splitlines()]
    assert text.startswith(f"{GOYAL}\n\nlearning rate\n")
    assert "⠤⠤⠤⠤" in text
    assert ["0.03333", "0.01", "0.0001", "0.1", "11.1", "%", "epoch", "80"] in lines  # start, middle, end, peak …
    for row in (
        ["0", "4", "0.0333333", "0.0866667", "rises"],
        ["5", "29", "0.1", "held"],
        ["60", "79", "0.001", "held"],
    ):
        assert row in lines
    assert max(map(len, text.splitlines())) <= 80
    assert "\x1b" not in text


def test_show_counts_epochs_when_it_knows_how_long_one_is():
    text = show("MultiStepDecay(['30ep', '60ep'])", "--lr", "0.1", "--epochs", "90", "--steps-per-epoch", "5004")
    assert "450 360 steps, 90 epochs of 5 004. Base learning rate 0.1." in text
    assert ["150", "120", "300", "239", "30", "0.01", "held"] in [line.split() for line in text.splitlines()]
    assert "step (an epoch is 5 004 steps)" in text


@pytest.mark.parametrize(
    ("options", "length"),
    [
        (["--epochs", "4", "--steps-per-epoch", "10", "--accumulate", "3"], "16 steps, 4 epochs of 4."),
        (["--epochs", "4", "--steps-per-epoch", "10", "--per", "epoch"], "4 epochs."),
        (["--steps", "100", "--samples-per-step", "10", "--tokens-per-step", "7"], "100 steps."),
        (["--epochs", "4", "--steps-per-epoch", "1000", "--processes", "8"], "500 steps, 4 epochs of 125."),
        (
            ["--epochs", "4", "--steps-per-epoch", "1000", "--processes", "8", "--accumulate", "5"],
            "100 steps, 4 epochs of 25.",
        ),
        (["--wall", "6h"], "6:00:00 (h:mm:ss) on the wall clock."),
        (["--wall", "90s"], "0:01:30 (h:mm:ss) on the wall clock."),
    ],
)
def test_the_run_is_what_the_options_say(options, length):
    assert length in show("Constant()", *options)


def test_units_are_resolved_against_the_run():
    text = show(
        "MultiStepDecay(['200sa', '350tok'])", "--steps", "100", "--samples-per-step", "10", "--tokens-per-step", "7"
    )
    assert [line.split()[:2] for line in text.splitlines() if "held" in line][1:] == [["20", "49"], ["50", "99"]]


def test_several_schedules_lie_over_one_another_and_the_first_difference_is_named():
    text = show(
        "step=MultiStepDecay([30])", "cosine = CosineDecay(90)", "step again=MultiStepDecay([30])", "--epochs", "90"
    )
    assert "• step: MultiStepDecay([30], gamma=0.1)\nx cosine: CosineDecay(90)\n" in text
    assert "• and x differ first at epoch 1: 1 against 0.999695." in text
    assert "• and o are the same curve in this run." in text
    assert text.count("xxxx") > 3


def test_a_name_ends_at_the_first_equals_sign_before_any_bracket():
    data = json.loads(show("StepDecay(30, gamma=0.1)", "a b=StepDecay(30, gamma=0.2)", "--epochs", "90", "--json"))
    assert [each["name"] for each in data["schedules"]] == ["StepDecay(30, gamma=0.1)", "a b"]
    assert [each["dict"]["gamma"] for each in data["schedules"]] == [0.1, 0.2]


def test_the_same_schedule_twice_is_shown_twice():
    text = show("StepDecay(30)", "StepDecay(30)", "--epochs", "90")
    assert "• StepDecay(30, gamma=0.1)\nx StepDecay(30, gamma=0.1) (2)\n" in text


def test_without_a_length_the_run_ends_a_tenth_past_the_last_change():
    text = show(GOYAL)
    assert "No --epochs, --steps or --wall: shown for 89 steps, as its last change is at step 80." in " ".join(
        text.split()
    )


def test_a_schedule_that_the_run_cuts_off_is_named():
    assert "The schedule is cut off: its last change would be at epoch 80." in show(GOYAL, "--epochs", "50")
    assert "cut off" not in show(GOYAL, "--epochs", "81")


def test_a_run_on_the_wall_clock_is_shown_in_hours():
    text = show("half=MultiStepDecay(['2h', '7h'])", "cosine=CosineDecay('100%')", "--lr", "0.1", "--wall", "6h")
    lines = [line.split() for line in text.splitlines()]
    assert "time (hours)" in text
    assert ["0:00:00", "1:59:59", "0.1", "held"] in lines
    assert ["2:00:00", "5:59:59", "0.01", "held"] in lines
    assert "• is cut off: its last change would be at 7:00:00." in text
    assert "• and x differ first at 0:00:01: 0.1 against 0.099999999." in text
    assert max(map(len, text.splitlines())) <= 80


def test_a_log_axis_shows_the_small_rates_and_says_what_it_hides():
    text = show("LinearDecay(60)", "--lr", "0.1", "--epochs", "90", "--log")
    assert "learning rate, log axis" in text
    assert "(0 from epoch 60 on, not on a log axis)" in text


# -- machines ----------------------------------------------------------------------------------------------------------


def test_json_holds_everything_and_nothing_else_is_printed(tmp_path):
    done = run(
        "show",
        f"a={GOYAL}",
        "CosineDecay('100%')",
        "--lr",
        "0.1",
        "--epochs",
        "90",
        "--json",
        "--png",
        str(tmp_path / "a.png"),
    )
    data = json.loads(done.stdout)
    first, second = data["schedules"]
    assert (first["name"], first["spec"], first["horizon"]) == ("a", GOYAL, 80)
    assert gs.from_dict(first["dict"]) == gs.parse(GOYAL)
    assert (second["spec"], second["resolved"], second["horizon"]) == ("CosineDecay('100%')", "CosineDecay(90)", 90)
    assert first["summary"]["share_small"] == pytest.approx(10 / 90)
    assert [each["first"] for each in first["segments"]] == [0, 5, 30, 60, 80]
    assert first["trace"]["lr"] == gs.trace(gs.parse(GOYAL), gs.Run(epochs=90), base_lr=0.1).values.tolist()
    assert (data["run"]["total_steps"], data["run"]["unit"], data["base_lr"]) == (90, "epoch", 0.1)
    assert data["differences"][0]["step"] == 0
    assert done.stderr == f"glideslope: {tmp_path / 'a.png'} written\n"
    assert done.returncode == 0


def test_json_of_a_run_on_the_wall_clock_counts_seconds():
    data = json.loads(show("StepDecay('3h')", "--wall", "6h", "--json"))
    assert (data["run"]["wall"], data["run"]["total_steps"], data["run"]["unit"]) == ("6h", 21_600, "second")
    assert data["schedules"][0]["resolved"] == "StepDecay(10800, gamma=0.1)"
    assert [each["first"] for each in data["schedules"][0]["segments"]] == [0, 10_800]
    assert json.loads(show("Constant()", "--epochs", "3", "--json"))["run"]["wall"] is None


def test_csv_holds_every_step_exactly():
    text = show(GOYAL, "--lr", "0.1", "--epochs", "90", "--csv")
    assert text == gs.trace(gs.parse(GOYAL), gs.Run(epochs=90), base_lr=0.1).to_csv()
    text = show("StepDecay('30min')", "--lr", "0.1", "--wall", "6h", "--csv")
    assert text == gs.trace(gs.StepDecay("30min"), gs.Run(wall="6h"), base_lr=0.1).to_csv()
    two = show("a=CosineDecay(90)", "b=Constant()", "--epochs", "90", "--csv").splitlines()
    assert two[0] == "step,a,b"
    assert np.array_equal([float(line.split(",")[1]) for line in two[1:]], gs.CosineDecay(90)(np.arange(90)))


# -- files -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("length", [("--epochs", "90"), ("--wall", "6h")], ids=" ".join)
def test_files_are_written_and_named(tmp_path, length):
    files = [tmp_path / f"curve.{kind}" for kind in ("png", "svg", "html")]
    options = [part for file in files for part in (f"--{file.suffix[1:]}", str(file))]
    done = run("show", GOYAL, "CosineDecay(90)", *length, *options)
    assert done.returncode == 0
    assert done.stderr == "".join(f"glideslope: {file} written\n" for file in files)
    assert files[0].read_bytes().startswith(b"\x89PNG")
    assert "<svg" in files[1].read_text()
    assert "plotly.js" in files[2].read_text()
    assert sorted(tmp_path.iterdir()) == sorted(files)


# -- what is wrong -----------------------------------------------------------------------------------------------------

LENGTH = ("--epochs", "90")
WRONG = {
    "no length": (["StepDecay(30)"], "show must be given `--epochs`, `--steps` or `--wall`, got StepDecay(30, gamma=0.1)."),
    "no length for a unit": (["StepDecay('3ep')"], "It has durations that are a part of the run"),
    "two lengths": (["Constant()", "--epochs", "3", "--steps", "4"], "show must have one of `--epochs`, `--steps` and `--wall`; got `--epochs` and `--steps`."),
    "two kinds of length": (["Constant()", "--steps", "3", "--wall", "4h"], "got `--steps` and `--wall`."),
    "wall": (["Constant()", "--wall", "6"], 'show: `--wall` must be a time of at least 1s in h, min or s, such as "6h", got \'6\'.'),
    "no wall": (["Constant()", "--wall", "0h"], "show: `--wall` must be"),
    "wall in epochs": (["Constant()", "--wall", "6ep"], "show: `--wall` must be"),
    "wall and batches": (["Constant()", "--wall", "6h", "--accumulate", "2"], "`accumulate` must come with `epochs` or `steps`"),
    "hours of no clock": (["StepDecay('2h')", *LENGTH], "`wall` must be given instead of `epochs` to turn '2h' (hours)"),
    "epochs of a clock": (["StepDecay('2ep')", "--wall", "6h"], "`epochs` must be given instead of `wall` to turn '2ep'"),
    "processes": (["Constant()", *LENGTH, "--processes", "0"], "`--processes` must be a whole number >= 1, got 0."),
    "processes alone": (["Constant()", *LENGTH, "--processes", "2"], "`processes` must come with `steps_per_epoch`"),
    "no epochs": (["Constant()", "--epochs", "0"], "show: `--epochs` must be a whole number >= 1, got 0."),
    "half an epoch": (["Constant()", "--epochs", "0.5"], "'--epochs'"),
    "steps": (["Constant()", "--steps", "-5"], "show: `--steps` must be a whole number >= 1, got -5."),
    "too many steps": (["Constant()", "--steps", "1" + "0" * 30], "show: `--steps` must be a whole number"),
    "far too many to draw": (["Constant()", "--steps", "10000000000"], "at most 1,000,000,000 steps"),
    "steps per epoch": (["Constant()", *LENGTH, "--steps-per-epoch", "0"], "`--steps-per-epoch` must be"),
    "accumulate": (["Constant()", *LENGTH, "--accumulate", "0"], "`--accumulate` must be"),
    "accumulate alone": (["Constant()", *LENGTH, "--accumulate", "2"], "`accumulate` must come with `steps_per_epoch`"),
    "samples": (["Constant()", *LENGTH, "--samples-per-step", "-1"], "`--samples-per-step` must be"),
    "tokens": (["Constant()", *LENGTH, "--tokens-per-step", "0"], "`--tokens-per-step` must be"),
    "per": (["Constant()", *LENGTH, "--per", "week"], '`--per` must be one of "step", "epoch", got \'week\'.'),
    "lr": (["Constant()", *LENGTH, "--lr", "-1"], "show: `--lr` must be a number >= 0, got -1.0."),
    "lr nan": (["Constant()", *LENGTH, "--lr", "nan"], "show: `--lr` must be a number >= 0, got nan."),
    "lr inf": (["Constant()", *LENGTH, "--lr", "inf"], "show: `--lr` must be a number >= 0, got inf."),
    "lr text": (["Constant()", *LENGTH, "--lr", "abc"], "'--lr'"),
    "lr grows": (["ExponentialDecay(1.5)", "--steps", "5000"], "must stay a finite number, got inf at step 1 751"),
    "log of nothing": (["Constant(0)", *LENGTH, "--log"], "must have a learning rate > 0 to show, got only 0"),
    "csv and json": (["Constant()", *LENGTH, "--csv", "--json"], "`--csv` and `--json` both print on stdout"),
    "png suffix": (["Constant()", *LENGTH, "--png", "a.jpg"], "`--png` must name a file that ends in .png, got 'a.jpg'"),
    "svg nowhere": (["Constant()", *LENGTH, "--svg", "/missing/a.svg"], "must be writable, got '/missing/a.svg': No such file"),
    "html folder": (["Constant()", *LENGTH, "--html", "/proc/a.html"], "must be writable, got '/proc/a.html'"),
    "equal names": (["a=Constant()", "a=StepDecay(3)", *LENGTH], "the names of schedules must differ from one another"),
    "no name": (["=Constant()", *LENGTH], "the name before `=` must be printable text"),
    "no spec": (["a=", *LENGTH], "the text must be a schedule, such as StepDecay(30), got nothing"),
    "misspelt": (["StepDekay(30)", *LENGTH], "got 'StepDekay'. Did you mean `StepDecay`?\n  StepDekay(30)\n  ^\n"),
    "not closed": (["a=StepDecay(30", *LENGTH], "\n  StepDecay(30\n           ^\n"),
    "bad milestone": (["MultiStepDecay([-3])", *LENGTH], "`milestones` must be steps >= 1, got -3"),
    "no option": (["Constant()", "--epoch", "3"], "--epoch"),
    "nothing": ([], "SPEC"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_a_bad_value_is_one_clear_message_and_exit_code_2(case, capsys, monkeypatch):
    arguments, says = WRONG[case]
    monkeypatch.setattr(sys, "argv", ["glideslope", "show", *arguments])
    with pytest.raises(SystemExit) as end:
        main()
    out, err = capsys.readouterr()
    assert end.value.code == 2
    assert out == ""
    assert err.startswith("glideslope: ")
    assert says in err
    assert "Traceback" not in err
    assert len(err.splitlines()) == (3 if "  ^" in err else 1)


def test_a_bad_value_ends_the_installed_command_just_so():
    done = run("show", "StepDekay(30)")
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 3)


@pytest.mark.parametrize(
    ("missing", "option", "extra"),
    [("matplotlib", "--png", "plot"), ("plotly", "--html", "report"), ("typer", "", "cli")],
)
def test_a_missing_library_is_named_with_its_extra(missing, option, extra, tmp_path):
    target = [option, str(tmp_path / f"a.{option[2:]}")] if option else []
    code = f"import sys; sys.modules[{missing!r}] = None\nfrom glideslope.cli import main; main()"
    arguments = [sys.executable, "-c", code, "show", "Constant()", "--epochs", "3", *target]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert f'pip install "glideslope[{extra}]"' in done.stderr
    assert len(done.stderr.splitlines()) == 1


# -- the process -------------------------------------------------------------------------------------------------------


def loaded_after(*arguments: str) -> set[str]:
    code = (
        "import sys\nfrom glideslope.cli import main\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code, end.code\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    return set(done.stderr.split())


def test_show_starts_without_torch_and_without_what_it_does_not_draw():
    heavy = {"torch", "matplotlib", "plotly", "pandas", "scipy", "sklearn", "joblib", "ray"}
    assert not heavy & loaded_after("show", GOYAL, "--epochs", "90")
    assert not (heavy | {"plotext", "rich.console"}) & loaded_after("show", GOYAL, "--epochs", "90", "--csv")


def piped(command: str) -> tuple[str, str]:
    script = f'set -o pipefail; {command}; echo "${{PIPESTATUS[@]}}"'
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)
    return done.stdout, done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        f'show "{GOYAL}" --epochs 90',
        "show 'CosineDecay(90)' --steps 3000000 --csv",
        "show 'CosineRestarts(30)' --steps 90000 --json",
        "show --help",
    ],
)
def test_a_pipe_that_closes_early_ends_it_quietly_with_0(arguments):
    out, err = piped(f"{COMMAND} {arguments} | head -c 1")
    assert (out[1:], err) == ("0 0\n", "")


def test_a_full_disk_is_one_line_and_no_stdout_is_no_error():
    done = subprocess.run(
        f"{COMMAND} show 'Constant()' > /dev/full", shell=True, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (2, "glideslope: output: No space left on device\n")
    done = subprocess.run(f"{COMMAND} show 'Constant()' >&-", shell=True, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_text_is_readable_where_the_terminal_has_no_unicode():
    done = run("show", "café=CosineDecay(90)", "Constant()", "--epochs", "90", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert done.stdout.isascii()
    assert "caf?" in done.stdout


def in_terminal(*arguments: str, columns: int, **env: str) -> str:
    """Run the command in a real pseudo-terminal of so many columns."""
    import fcntl
    import pty
    import struct
    import termios

    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    clean = {key: value for key, value in os.environ.items() if key not in ("COLUMNS", "FORCE_COLOR", "NO_COLOR")}
    child = subprocess.Popen(
        [COMMAND, *arguments], stdout=follower, stderr=follower, env={**clean, "TERM": "xterm-256color", **env}
    )
    os.close(follower)
    out = b""
    while True:
        try:
            piece = os.read(leader, 65536)
        except OSError:  # Linux says so when the other end has closed
            break
        if not piece:
            break
        out += piece
    os.close(leader)
    assert child.wait() == 0
    return out.decode()


def test_in_a_terminal_there_is_colour_unless_it_is_not_wanted():
    arguments = ("show", GOYAL, "CosineDecay(90)", "--epochs", "90")
    assert "\x1b[38;5;" in in_terminal(*arguments, columns=80)
    plain = in_terminal(*arguments, columns=80, NO_COLOR="1")
    assert "\x1b" not in plain
    assert plain.replace("\r\n", "\n") == show(*arguments[1:])


def test_the_curve_fits_a_narrow_terminal():
    text = in_terminal("show", GOYAL, "--epochs", "90", columns=60, NO_COLOR="1")
    assert max(len(line) for line in text.splitlines() if line.endswith(("│", "┐", "┘"))) == 60
