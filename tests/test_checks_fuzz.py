"""Laws of the source rules on mutated programs: they end, they never raise, and only what matters changes them."""

from __future__ import annotations

import ast
import io
import keyword
import re
import tokenize

from hypothesis import given
from hypothesis import strategies as st

from glideslope.checks import Settings
from glideslope.checks.edits import apply
from glideslope.checks.parsing import parse
from glideslope.checks.source import RULES, analyse

SETTINGS = Settings()
CASES = [case for rule in RULES for case in (*rule.valid, *rule.invalid)]
cases = st.sampled_from(CASES)


def look(text):
    return analyse(text, "train.py", SETTINGS)


def places(text):
    return [(each.code, each.line, each.column) for each in look(text)]


@st.composite
def mutated(draw):
    """A case with lines taken out, doubled or moved, cut short, or with something written into it."""
    lines = draw(cases).split("\n")
    for _ in range(draw(st.integers(1, 4))):
        at, other = draw(st.integers(0, len(lines) - 1)), draw(st.integers(0, len(lines) - 1))
        how = draw(st.sampled_from(("drop", "double", "swap", "indent", "dedent", "write", "cut", "join")))
        if how == "drop" and len(lines) > 1:
            del lines[at]
        elif how == "double":
            lines.insert(at, lines[other])
        elif how == "swap":
            lines[at], lines[other] = lines[other], lines[at]
        elif how == "indent":
            lines[at] = "    " + lines[at]
        elif how == "dedent":
            lines[at] = lines[at].removeprefix("    ")
        elif how == "write":
            column = draw(st.integers(0, len(lines[at])))
            what = draw(
                st.text(max_size=5) | st.sampled_from(("*a", "**k", "await ", "lambda: ", ":=", "yield ", "[0]", "()"))
            )
            lines[at] = lines[at][:column] + what + lines[at][column:]
        elif how == "cut":
            lines[at] = lines[at][: draw(st.integers(0, len(lines[at])))]
        else:
            lines[at] += " " + lines[other].strip()
    return "\n".join(lines)


@given(mutated())
def test_a_mutated_program_never_raises_and_its_findings_have_a_place(text):
    rows = re.split(r"\r\n|[\r\n]", text)
    for each in look(text):
        assert 1 <= each.line <= len(rows) + 1
        assert each.column >= 1
        assert "\n" not in str(each)


@given(mutated())
def test_edits_of_a_mutated_program_leave_python(text):
    for each in look(text):
        if each.edits:
            parse(apply(text, each.edits))


@given(cases, cases)
def test_a_second_program_in_the_same_file_raises_nothing(one, two):
    look(one + two)


@given(cases, st.integers(0, 5), st.sampled_from(("", "# a remark", "    ", "\t# scheduler.step()")))
def test_empty_lines_and_remarks_move_findings_and_nothing_else(case, count, row):
    assert places((row + "\n") * count + case) == [(code, line + count, column) for code, line, column in places(case)]


@given(cases)
def test_a_remark_at_the_end_of_every_line_changes_nothing(case):
    rows = [row + "  # opt.step()" if row.strip() and "(\n" not in row else row for row in case.split("\n")]
    assert places("\n".join(rows)) == places(case)


def renamed(text, suffix):
    """Every name that the program gives itself, with a suffix; names of arguments that a call states stay."""
    tree = parse(text)
    mine = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    mine |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    mine -= {node.arg for node in ast.walk(tree) if isinstance(node, ast.keyword)} | {"self"}
    out, before = text.split("\n"), ""
    for token in reversed(list(tokenize.generate_tokens(io.StringIO(text).readline))):
        if token.type == tokenize.NAME and token.string in mine and not keyword.iskeyword(token.string):
            row, column = token.start
            before = out[row - 1][:column].rstrip()
            if not before.endswith("."):
                end = column + len(token.string)
                out[row - 1] = out[row - 1][:end] + suffix + out[row - 1][end:]
    return "\n".join(out)


@given(cases, st.sampled_from(("_a", "_2", "_main")))
def test_other_names_for_the_same_things_change_nothing(case, suffix):
    new = renamed(case, suffix)
    assert [(code, line) for code, line, _ in places(new)] == [(code, line) for code, line, _ in places(case)]


@given(st.integers(0, 120), cases)
def test_a_program_deep_inside_conditions_raises_nothing(depth, case):
    head = "".join(" " * i + "if x:\n" for i in range(depth))
    look(head + "\n".join(" " * depth + row for row in case.split("\n")))
