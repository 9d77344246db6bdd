"""Sphinx configuration: MyST pages, API from docstrings, the gallery and the rules generated from the code."""

import sys
from pathlib import Path

import glideslope

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "glideslope"
author = "The glideslope authors"
project_copyright = f"2026, {author}"
version = release = glideslope.__version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.viewcode",
    "gallery",
    "rule_pages",
]
html_theme = "furo"
html_title = "glideslope"
exclude_patterns = ["_build", "_ext"]
myst_enable_extensions = ["dollarmath", "colon_fence"]
myst_heading_anchors = 3
nitpicky = True
autodoc_member_order = "bysource"
autodoc_typehints = "none"  # signatures stay readable; the tables of the gallery state each parameter's constraint
autodoc_preserve_defaults = True
# Standard library, numpy and torch are other projects' pages, and no page is fetched while building.
nitpick_ignore_regex = [
    (r"py:.*", r"(torch|numpy|np|collections|typing|types|matplotlib|plotly)\..*"),
    (r"py:class", r"(LRScheduler|ValueError|ABC)"),
]
