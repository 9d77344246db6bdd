"""``glideslope check`` on a thousand training scripts, beside Python's own parser on the same files: `make bench`."""

import ast
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from glideslope.checks.source import RULES

FILES = 1000
BAR = 10.0
"""Seconds on two cores."""
CASES = [case for rule in RULES for case in (*rule.valid, *rule.invalid) if not re.search(r"import \*|async=", case)]


def script(index: int) -> str:
    """Two hundred lines: six programs of the rules, each in a function, and code that has nothing to do with them."""
    parts = []
    for place in range(6):
        case = CASES[(index * 7 + place * 13) % len(CASES)].strip().split("\n")
        parts += [
            f"def part_{place}(net, loader, train_loader, things, ramp, measure):",
            *(f"    {row}" for row in case),
        ]
        parts += [f"def helper_{place}(x, y):", *(f"    z{i} = x * {i} + y" for i in range(20)), "    return z0"]
    return "\n".join(parts) + "\n"


@pytest.mark.parametrize("mentioning", [FILES, FILES // 10])
def test_a_thousand_files(benchmark: Any, tmp_path: Path, mentioning: int) -> None:
    texts = [script(i) for i in range(FILES)]
    texts[mentioning:] = [re.sub(r"(?i)sched\w*|lr_\w+|step", "plan", text) for text in texts[mentioning:]]
    for i, text in enumerate(texts):
        (tmp_path / f"train_{i}.py").write_text(text)
    lines = sum(text.count("\n") for text in texts)

    def check() -> None:
        command = [sys.executable, "-m", "glideslope", "check", str(tmp_path), "--exit-zero", "--quiet"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

    ours, parser = [], []
    for _ in range(3):
        start = time.perf_counter()
        check()
        middle = time.perf_counter()
        for text in texts:
            ast.parse(text)
        ours.append(middle - start)
        parser.append(time.perf_counter() - middle)
    benchmark.pedantic(check, rounds=1)
    took, ratio = statistics.median(ours), statistics.median(a / b for a, b in zip(ours, parser, strict=True))
    print(f"  {mentioning} of {FILES} files, {lines} lines: {took:.1f} s (bar {BAR:g}), {ratio:.2f} of ast.parse")
    benchmark.extra_info.update(seconds=took, ratio=ratio, lines=lines)
    assert took <= BAR
