"""What is loaded when, told by fresh interpreters."""

import subprocess
import sys

import pytest

HEAVY = ("torch", "numpy", "matplotlib", "rich", "plotly", "plotext", "typer", "joblib")


def loaded_after(code: str) -> set[str]:
    script = f"import sys\n{code}\nprint(*[n for n in {HEAVY!r} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import glideslope", set()),
        ("import glideslope as gs; gs.parse('CosineDecay(100).warmup(5)')(7); gs.Run(epochs=9)", set()),
        ("import glideslope as gs; gs.trace(gs.StepDecay(3), gs.Run(epochs=9)).to_csv()", {"numpy"}),
        ("import glideslope as gs; gs.check(gs.StepDecay(3), gs.Run(epochs=9))", {"numpy"}),
        ("import glideslope.checks.files, glideslope.checks.source, glideslope.checks.plan", set()),
        ("import glideslope, torch; glideslope.StepDecay(3)(torch.arange(4))", {"torch", "numpy"}),
    ],
)
def test_only_what_is_used_is_loaded(code: str, expected: set[str]) -> None:
    assert loaded_after(code) == expected


def test_the_core_works_where_nothing_but_numpy_is_installed() -> None:
    code = """
import importlib.abc, sys
class Absent(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name.partition(".")[0] in {"torch", "matplotlib", "rich", "plotly", "plotext", "typer", "joblib", "scipy"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Absent())
import glideslope as gs, numpy as np
s = gs.parse("MultiStepDecay(['30ep', '60ep']).warmup('5ep')")
t = gs.trace(s, gs.Run(epochs=90, steps_per_epoch=10), base_lr=0.1)
assert len(t.to_csv().splitlines()) == 901 and t.schedule(np.arange(5)).shape == (5,)
from glideslope.cli import main
main()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        'glideslope: the command line needs its libraries: pip install "glideslope[cli]"'
    ]
