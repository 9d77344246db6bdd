"""Writes one gallery page for each shape of the catalogue: picture, formula, parameters, torch's equivalent, source."""

import inspect
import re
import sys
from pathlib import Path

from matplotlib.figure import Figure

import glideslope as gs
from glideslope._check import MISSING, Parameter, parameters
from glideslope.combine import FUNCTIONS, METHODS

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests"))
from cases import CASES  # noqa: E402 - the row that tests a shape is also what its page draws


def picture(schedules: list[gs.Schedule], path: Path) -> None:
    """Draw the factors of a few schedules over 130 steps."""
    figure = Figure(figsize=(7, 2.6), layout="constrained")
    ax = figure.add_subplot()
    run = gs.Run(steps=130)
    for schedule, style in zip(schedules, ("-", "--"), strict=False):
        trace = gs.trace(schedule, run)
        stairs = schedule.changes(0, run.total_steps) is not None
        ax.plot(trace.steps, trace.values, style, label=repr(schedule), drawstyle="steps-post" if stairs else "default")
    ax.set(xlabel="step", ylabel="factor of base_lr", ylim=(0, None))
    ax.grid(alpha=0.3)
    ax.legend(fontsize="small", loc="best")
    figure.savefig(path, dpi=110)


def row(each: Parameter) -> str:
    """One line of the parameter table."""
    default = "required" if each.default is MISSING else f"`{each.default!r}`"
    return f"| `{each.name}` | {each.constraint.text} | {default} | {each.doc} |"


def page(cls: type[gs.Schedule]) -> str:
    """The Markdown of one page, all of it read from the class."""
    doc = inspect.cleandoc(cls.__doc__ or "")
    torch = re.search(r"torch: (.*?)\.(?=\s+(?:Source|[A-Z]))", doc, re.DOTALL)
    source = re.search(r"Source: (.*?)\n\n", doc, re.DOTALL)
    head = doc.split("\n\n")[0].replace("\n", " ")
    fields = "\n".join(row(each) for each in parameters(cls))
    return f"""# {cls.__name__}

{head.replace("``", "`")}

![{cls.__name__}]({cls.__name__}.png)

| parameter | must be | default | what it is |
|---|---|---|---|
{fields}

**In torch:** {" ".join(torch[1].replace("``", "`").split()) if torch else "see below"}.

**Source:** {" ".join(source[1].replace("``", "`").split()) if source else "see below"}

```{{eval-rst}}
.. autoclass:: {"glideslope" if cls in gs.CATALOGUE.values() else "glideslope.combine"}.{cls.__name__}
   :no-index-entry:
```
"""


def build(app: object) -> None:
    """Write the pages and pictures before Sphinx reads its sources."""
    folder = ROOT / "docs" / "gallery"
    folder.mkdir(exist_ok=True)
    combined = [*METHODS.values(), *FUNCTIONS.values()]
    for cls in [*gs.CATALOGUE.values(), *combined]:
        rows = [case.schedule for case in CASES if type(case.schedule) is cls]
        picture(rows[:2], folder / f"{cls.__name__}.png")
        (folder / f"{cls.__name__}.md").write_text(page(cls), encoding="utf-8")

    def tree(classes: list[type[gs.Schedule]]) -> str:
        names = "\n".join(cls.__name__ for cls in classes)
        return f"```{{toctree}}\n:maxdepth: 1\n\n{names}\n```"

    names = list(gs.CATALOGUE)
    cells = [f"[![{name}]({name}.png) {name}]({name}.md)" for name in names] + [""] * (-len(names) % 3)
    lines = [f"| {' | '.join(cells[i : i + 3])} |" for i in range(0, len(cells), 3)]
    thumbs = "\n".join(["| | | |", "|---|---|---|", *lines])
    text = [
        "# Gallery\n\nEvery shape, drawn from the code. Each is a factor of base_lr over steps.",
        f"## At a glance\n\n{thumbs}",
        f"## Shapes\n\n{tree(list(gs.CATALOGUE.values()))}",
        f"## Combinations\n\n{tree(combined)}",
    ]
    (folder / "index.md").write_text("\n\n".join(text) + "\n", encoding="utf-8")


def setup(app: object) -> dict[str, bool]:
    """Hook into Sphinx."""
    app.connect("builder-inited", build)  # type: ignore[attr-defined]
    return {"parallel_read_safe": True}
