"""Rules about source files: their own cases, their fixes, and what a hostile text comes to."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys

import pytest

from glideslope.checks import Settings
from glideslope.checks.edits import apply
from glideslope.checks.files import Source, check_source
from glideslope.checks.notebook import read_notebook
from glideslope.checks.reading.torch_names import PARAMETERS
from glideslope.checks.source import LONGEST, RULES, analyse

SETTINGS = Settings()
VALID = [pytest.param(rule, case, id=f"{rule.name}-{i}") for rule in RULES for i, case in enumerate(rule.valid)]
INVALID = [pytest.param(rule, case, id=f"{rule.name}-{i}") for rule in RULES for i, case in enumerate(rule.invalid)]


def look(text):
    return analyse(text, "train.py", SETTINGS)


# -- the rules' own cases ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("rule", "case"), VALID)
def test_no_rule_finds_anything_in_a_valid_case(rule, case):
    assert look(case) == []


@pytest.mark.parametrize(("rule", "case"), INVALID)
def test_an_invalid_case_is_found_once_by_its_own_rule(rule, case):
    (found,) = look(case)
    assert (found.code, found.rule, found.severity) == (rule.code, rule.name, rule.severity)
    assert found.path == "train.py"
    line = case.split("\n")[found.line - 1]
    assert line[found.column - 1 :].strip()
    assert found.message[0] != " "
    assert found.hint.endswith(".") or found.hint.endswith("`.")


@pytest.mark.parametrize(("rule", "case"), INVALID)
def test_a_fix_mends_its_finding_and_changes_nothing_else(rule, case):
    (found,) = look(case)
    if not rule.fix:
        assert found.edits == ()
    if not found.edits:
        return
    mended = apply(case, found.edits)
    ast.parse(mended)
    assert look(mended) == []
    touched = {line for edit in found.edits for line in range(edit.line, edit.end_line + 1)}
    before, after = case.split("\n"), mended.split("\n")
    first, last = min(touched) - 1, len(before) - max(touched)
    assert before[:first] == after[:first]
    assert before[len(before) - last :] == after[len(after) - last :]


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.fix], ids=lambda rule: rule.name)
def test_a_rule_that_speaks_of_a_fix_has_a_case_that_is_mended(rule):
    assert any(look(case)[0].edits for case in rule.invalid)


def test_codes_are_in_order_and_never_given_twice():
    codes = [rule.code for rule in RULES]
    assert codes == [f"GS{number}" for number in range(201, 201 + len(RULES))]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_is_documented(rule):
    for name in ("finds", "why", "example", "instead"):
        assert getattr(rule, name).strip(), name
    assert rule.valid
    assert rule.invalid


# -- fixes -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("StepLR(opt, 30, verbose=True)", "StepLR(opt, 30)"),
        ("StepLR(opt, verbose=False, step_size=30)", "StepLR(opt, step_size=30)"),
        ("StepLR(verbose=False, optimizer=opt, step_size=30)", "StepLR(optimizer=opt, step_size=30)"),
        ("StepLR(opt, 30, verbose=True,)", "StepLR(opt, 30,)"),
        ("StepLR(opt,\n  30,\n  verbose=True)", "StepLR(opt,\n  30)"),
        ('StepLR(opt, 30, **{"last_epoch": -1}, verbose=True)', 'StepLR(opt, 30, **{"last_epoch": -1})'),
        ("StepLR(opt, 30, verbose=quiet())", None),
        ("StepLR(opt, 30,  # why\n  verbose=True)", None),
        ("StepLR(opt, 30, -1, True)", None),
    ],
)
def test_verbose_is_removed_only_where_nothing_else_is_lost(before, after):
    text = f"from torch.optim.lr_scheduler import StepLR\ndef build(opt):\n    é = {before}\n    return é\n"
    found = [each for each in look(text) if each.rule == "removed-argument"]
    if after is None:
        assert all(not each.edits for each in found)
    else:
        assert apply(text, found[0].edits) == text.replace(before, after)


def test_two_calls_change_places_and_keep_their_comments():
    text = """import torch
opt = torch.optim.Adam(net.parameters())
sched = torch.optim.lr_scheduler.ExponentialLR(opt, 0.999)
for x in loader:
    net(x).backward()
    sched.step()  # the rate
    opt.step()
    opt.zero_grad()
"""
    (found,) = look(text)
    mended = apply(text, found.edits)
    assert mended == text.replace(
        "    sched.step()  # the rate\n    opt.step()\n", "    opt.step()  # the rate\n    sched.step()\n"
    )


def test_calls_on_one_line_are_left_where_they_are():
    text = "import torch\nopt = torch.optim.Adam(n)\nsched = torch.optim.lr_scheduler.StepLR(opt, 999)\nfor x in loader:\n    sched.step(); opt.step()\n"
    (found,) = look(text)
    assert found.rule == "scheduler-before-optimizer"
    assert not found.fixable


# -- what a script may look like ---------------------------------------------------------------------------------------

LOOP = """
for epoch in range(50):
    for x in loader:
        opt.step()
    sched.step()
"""


@pytest.mark.parametrize(
    "build",
    [
        "from torch.optim import SGD\nfrom torch.optim.lr_scheduler import StepLR\nopt = SGD(p, 0.1)\nsched = StepLR(opt, 80)",
        "import torch.optim as O\nopt = O.SGD(p, 0.1)\nsched = O.lr_scheduler.StepLR(optimizer=opt, step_size=80)",
        "import torch.optim.lr_scheduler as S\nimport torch\nopt = torch.optim.SGD(p, 0.1)\nsched = S.StepLR(opt, 8 * 10)",
        "from torch import optim\nfrom torch.optim import lr_scheduler as sched_lib\nsize = 80\nopt = optim.SGD(p, 0.1)\nsched = sched_lib.StepLR(opt, size)",
        "from glideslope import lr_scheduler\nfrom torch import optim\nopt = optim.SGD(p, 0.1)\nsched = lr_scheduler.StepLR(opt, 80)",
        "from torch.optim import *\nfrom torch.optim.lr_scheduler import *\nopt = SGD(p, 0.1)\nsched = StepLR(opt, 80)",
        "from torch import optim\ndef build(size):\n    opt = optim.SGD(p, 0.1)\n    return opt, optim.lr_scheduler.StepLR(opt, size)\nopt, sched = build(80)",
        "from torch import optim\nC = {'size': 80}\nopt = optim.SGD(p, 0.1)\nkinds = {'step': optim.lr_scheduler.StepLR}\nsched = kinds['step'](opt, C['size'])",
        "from torch import optim\nfrom types import SimpleNamespace\nc = SimpleNamespace(size=80)\nopt = optim.SGD(p, 0.1)\nsched = optim.lr_scheduler.StepLR(opt, step_size=c.size)",
        "from torch import optim\nopt = optim.SGD(p, 0.1)\nkw = dict(step_size=80)\nsched = optim.lr_scheduler.StepLR(opt, **kw)",
        "try:\n    from torch import optim\nexcept ImportError:\n    optim = None\nopt = optim.SGD(p, 0.1)\nsched = optim.lr_scheduler.StepLR(opt, 80)",
        "from torch import optim\nsched = None\nif True:\n    opt = optim.SGD(p, 0.1)\n    sched = optim.lr_scheduler.StepLR(opt, 80)",
        "opt = optim.SGD(p, 0.1)\nsched = optim.lr_scheduler.StepLR(opt, 80)",
        "from torch import optim\nopt = optim.SGD(p, 0.1)\nsched = optim.lr_scheduler.MultiStepLR(opt, [int(e) for e in '30,80'.split(',')])",
        "from torch import optim\nopt = optim.SGD(p, 0.1)\nsched = optim.lr_scheduler.MultiStepLR(opt, list(map(int, '30 80'.split())))",
        "import argparse\nfrom torch import optim\nparser = argparse.ArgumentParser()\nparser.add_argument('--steps', default='30,80')\nargs = parser.parse_args()\nopt = optim.SGD(p, 0.1)\nsched = optim.lr_scheduler.MultiStepLR(opt, [int(e) for e in args.steps.split(',')])",
    ],
)  # fmt: skip
def test_names_and_numbers_are_followed(build):
    assert [each.rule for each in look(build + LOOP)] == ["milestone-never-reached"]


@pytest.mark.parametrize(
    "build",
    [
        "from mine import StepLR\nfrom torch import optim\nopt = optim.SGD(p, 0.1)\nsched = StepLR(opt, 80)",
        "from torch import optim\nclass StepLR:\n    def step(self): ...\nopt = optim.SGD(p, 0.1)\nsched = StepLR()",
        "from torch import optim\nopt = optim.SGD(p, 0.1)\nsched = optim.lr_scheduler.StepLR(opt, size)",
        "from torch import optim\nopt = optim.SGD(p, 0.1)\nsched = optim.lr_scheduler.StepLR(opt, 80 if small else 20)",
        "from torch import optim\nopt = optim.SGD(p, 0.1)\nsched = optim.lr_scheduler.StepLR(opt, 80)\nsched.step_size = 10",
        "from torch import optim\nopt = optim.SGD(p, 0.1)\nsched = optim.lr_scheduler.StepLR(opt, 80)\nregister(sched)",
    ],
)
def test_what_the_text_does_not_settle_is_left_alone(build):
    assert look(build + LOOP) == []


def test_a_scheduler_chosen_by_name_is_checked_under_its_own_name():
    text = """
import torch
def main(args):
    opt = torch.optim.SGD(p, 0.1)
    if args.kind == "plateau":
        sched = torch.optim.lr_scheduler.ReduceLROnPlateau(opt)
    else:
        sched = torch.optim.lr_scheduler.StepLR(opt, 10)
    for epoch in range(50):
        for x in loader:
            opt.step()
        if args.kind == "plateau":
            sched.step(val_loss)
        else:
            sched.step(epoch)
"""
    assert [(each.rule, each.line) for each in look(text)] == [("step-with-epoch-argument", 15)]


def test_a_place_is_counted_in_characters():
    (found,) = look("import torch\ns = torch.optim.lr_scheduler.StepLR(o, 3)\nprint('éé🎉', s.get_lr())\n")
    assert (found.line, found.column) == (3, 14)


# -- hostile texts -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "def train(:\n",
        "scheduler.step(\x00)\n",
        "x = " + "(" * 5000 + ")" * 5000,
        "x = " + "-" * 100_000 + "1",
        "x = " + "a." * 50_000 + "b",
        "x = [" * 500 + "]" * 500,
        "if x:\n" + "".join(" " * i + "if x:\n" for i in range(1, 150)) + " " * 150 + "pass",
        "\ud800 = 1",
        "# schedule\n" * (LONGEST // 10),
        "\ufeffimport torch\n",
    ],
    ids=range(10),
)
def test_a_hostile_text_is_at_most_one_line_of_report(text):
    found = look(text)
    assert len(found) <= 1
    assert all(each.rule == "unreadable-file" and "\n" not in str(each) for each in found)


HEAD = "import torch\nopt = torch.optim.SGD(p, 0.1)\nsched = torch.optim.lr_scheduler.StepLR(opt, 30)\n"


@pytest.mark.parametrize(
    "text",
    [
        "x = 99\n" + "x = x * x\n" * 40,
        "a = [sched]\n" + "a = a + a\n" * 40,
        "a = {'k': sched}\n" + "a = {'l': a, 'r': a}\n" * 60 + "give(a)\n",
        f"L = [{'1,' * 32}]\n"
        + "x = [[[[[a + b + c + d + e for a in L] for b in L] for c in L] for d in L] for e in L]\n",
        "text = (" + " + ".join(f"'{i}'" for i in range(600)) + ")\n",
        "def f(k):\n"
        + "".join(f"    {'el' if i else ''}if k == {i}:\n        return {i}\n" for i in range(320))
        + "f(3)\n",
        "def f(k):\n" + "".join(f"    if k == {i}:\n        return {i}\n" for i in range(500)) + "f(3)\n",
        "x = " + " or ".join(f"a{i}()" for i in range(2000)) + "\n",
        "x = y" + ".a()" * 400 + "\n",
        "L = [sched] * 1\n"
        + "".join(" " * i + f"for i{i} in [sched, sched, sched]:\n" for i in range(15))
        + " " * 15
        + "pass\n",
        f"for e in range({'9' * 400}):\n    opt.step()\n    sched.step()\n",
        "for e in range(1e999):\n    opt.step()\n    sched.step()\n",
        "".join(f"def g{i}():\n" + "    sched.step()\n" * 20 for i in range(200))
        + "".join(f"give(g{i})\n" for i in range(200)),
        "".join(f"s{i} = torch.optim.lr_scheduler.LambdaLR(opt, f)\n" for i in range(1000)),
    ],
    ids=range(14),
)
def test_a_laborious_text_is_read_in_bounded_time_and_nothing_is_said(text):
    assert look(HEAD + text) == []


@pytest.mark.parametrize("number", ["1e999", "1e-320", "1e999 - 1e999", "10 ** 400", "-5", "0"])
@pytest.mark.parametrize("name", ["StepLR", "CosineAnnealingLR", "ExponentialLR"])
def test_a_number_beyond_all_meaning_is_no_mistake_of_the_check(name, number):
    build = f"import torch\nopt = torch.optim.SGD(p, 0.1)\nsched = torch.optim.lr_scheduler.{name}(opt, {number})\n"
    for each in look(build + "for e in range(90):\n    for x in loader:\n        opt.step()\n    sched.step()\n"):
        assert each.rule != "unreadable-file"


def test_a_script_that_is_too_long_to_follow_is_no_proof_that_something_is_missing():
    many = "".join(f"def f{i}(x):\n    y = x.step(x)\n    return y\nf{i}(z)\n" for i in range(9000))
    assert look(HEAD + many + "for e in range(9):\n    for x in loader:\n        opt.step()\n") == []


def test_functions_that_call_each_other_for_ever_come_to_an_end():
    calls = "".join(
        f"def f{i}(opt):\n    f{(i + 1) % 40}(opt)\n    f{(i + 7) % 40}(opt)\n    opt.step()\n" for i in range(40)
    )
    assert look("import torch\nopt = torch.optim.SGD(p, 0.1)\n" + calls + "f0(opt)\n") == []


def test_nothing_of_the_checked_text_is_run(tmp_path):
    mark = tmp_path / "mark"
    look(f"import torch\nopen({str(mark)!r}, 'w').write('x')\nscheduler = eval('1')\n")
    assert not mark.exists()


def test_the_rules_load_no_torch():
    code = "import sys, glideslope.checks.source; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_table_of_parameters_agrees_with_torch():
    import inspect

    import torch

    for name, ours in PARAMETERS.items():
        if re.match("get_", name):
            continue
        home = torch.optim.swa_utils if name == "SWALR" else torch.optim.lr_scheduler
        theirs = [each for each in inspect.signature(getattr(home, name)).parameters if each not in ("args", "kwargs")]
        assert [each for each in ours if each != "verbose"] == [each for each in theirs if each != "verbose"], name


# -- notebooks ---------------------------------------------------------------------------------------------------------


def in_cells(*cells):
    made = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": cell} for cell in cells]
    raw = json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    return check_source(Source("train.ipynb", raw), SETTINGS)


def test_a_message_names_lines_by_their_cells():
    build = "import torch\nopt = torch.optim.SGD(net.parameters(), lr=0.1)\n"
    sched = "sched = torch.optim.lr_scheduler.StepLR(opt, 30)"
    loop = "for epoch in range(90):\n    sched.step()\n    for x in loader:\n        opt.step()"
    (found,) = in_cells(build, sched, loop)
    assert (found.rule, found.cell, found.line) == ("scheduler-before-optimizer", 3, 2)
    assert "(line 4) in the loop of line 1:" in found.message
    step = "def train():\n    for x in loader:\n        opt.step()"
    (found,) = in_cells(build, sched, step, "for epoch in range(90):\n    sched.step()\n    train()")
    assert "(line 3 of cell 3) in the loop of line 1:" in found.message


def test_a_cell_that_is_no_python_is_said_and_the_others_are_looked_at():
    found = in_cells("to be written:\n", "print(scheduler.get_lr()[0])")
    assert [(each.rule, each.cell, each.line) for each in found] == [
        ("unreadable-file", 1, 1),
        ("get-lr-for-logging", 2, 1),
    ]


def test_what_only_ipython_reads_is_passed_over():
    cell = (
        "version = !pip show torch \\\n  | grep Version\nt = %timeit -o f()\n!ls \\\n  -l\nprint(scheduler.get_lr()[0])"
    )
    assert [(each.rule, each.line) for each in in_cells(cell)] == [("get-lr-for-logging", 6)]


def code_of(*cells, **metadata):
    texts = [{"cell_type": "code", "source": each} for each in cells]
    return read_notebook(json.dumps({"cells": texts, "metadata": metadata}))


@pytest.mark.parametrize(
    ("cell", "python"),
    [
        ("%matplotlib inline\nsched.step()  # each epoch?", "pass  # %matplotlib inline\nsched.step()  # each epoch?"),
        ("%time fit()\nprint('%d'\n  % x)", "pass  # %time fit()\nprint('%d'\n  % x)"),
        ("!pip install x\n'''What is this?\n!\n'''", "pass  # !pip install x\n'''What is this?\n!\n'''"),
        (
            "if x:\n    !ls \\\n  -l\nfiles = !ls\nnet??",
            "if x:\n    pass  # !ls \\\n#   -l\nfiles = None  # !ls\npass  # net??",
        ),
        ("%%bash\necho $x", "#%%bash\n#echo $x"),
        ("%%time\nfit()", "pass  # %%time\nfit()"),
        ("!echo 'it\nx = 1", "pass  # !echo 'it\nx = 1"),
    ],
)
def test_only_what_python_stumbles_over_is_left_out_of_a_cell(cell, python):
    found = code_of(cell)
    assert found.python == python
    assert found.broken == ()


def test_a_notebook_of_another_language_is_no_python():
    found = code_of("x <- c(1, 2)", kernelspec={"language": "R", "name": "ir"})
    assert (found.python, found.broken) == ("", ())
