"""The command line: ``glideslope show | compare``. One file for each subcommand."""

import os
import sys

from .._check import ScheduleError


def main() -> None:
    """Run the command line; every bad value ends in one clear line on stderr and exit code 2."""
    try:
        import typer  # noqa: F401
    except ImportError:
        sys.exit('glideslope: the command line needs its libraries: pip install "glideslope[cli]"')
    from .app import app

    try:
        app(prog_name="glideslope")
    except ScheduleError as error:
        print(f"glideslope: {error}", file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:  # `| head` has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
