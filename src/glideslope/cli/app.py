"""The application: its subcommands, and nothing about any of them."""

from importlib import import_module

import typer

COMMANDS = ("show", "check", "rules", "compare")
"""Each is a module here with a function of the same name."""

app = typer.Typer(
    name="glideslope",
    help="Learning-rate schedules for PyTorch that you can see, check and trust.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

for name in COMMANDS:
    app.command(name)(getattr(import_module(f".{name}", __package__), name))
