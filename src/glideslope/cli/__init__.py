"""The command line: ``glideslope show | check | rules | compare``. One file for each subcommand."""

import io
import os
import sys
from typing import TextIO

from .._check import ScheduleError


def main() -> None:
    """Run the command line; every bad value ends in one clear line on stderr and exit code 2."""
    try:
        import typer  # noqa: F401
    except ImportError:
        _fail('the command line needs its libraries: pip install "glideslope[cli]"')
    from .app import app

    sys.stdout = _Output.over(sys.stdout)
    try:
        # Not in Typer's standalone mode: there a bad option is a box of several lines.
        code = app(prog_name="glideslope", standalone_mode=False)
        sys.stdout.flush()
    except _PipeClosed:  # `| head` has read enough
        _discard_stdout()
        sys.exit(0)
    except KeyboardInterrupt:
        _discard_stdout()
        sys.exit(130)
    except ScheduleError as error:
        _fail(str(error))
    except OSError as error:  # a full disk, say
        _discard_stdout()
        _fail(f"{error.filename or 'output'}: {error.strerror or error}")
    except Exception as error:
        if not hasattr(error, "format_message"):  # Typer's usage errors, whichever library it has them from
            raise
        if type(error).__name__ == "NoArgsIsHelpError":  # the help has been printed
            sys.exit(2)
        _fail(_usage(error))
    sys.exit(code if isinstance(code, int) else 0)


class _PipeClosed(BaseException):
    """Nobody reads stdout any more. Not an OSError: Typer and rich would take that for themselves, and exit with 1."""


class _Output(io.TextIOWrapper):
    """Stdout that says in its own way that nobody reads it, and writes ? for what its encoding does not have."""

    @classmethod
    def over(cls, stream: TextIO | None) -> "_Output":
        """Lay it over a stream; over nothing when there is no stdout (``>&-``)."""
        if stream is None:
            return cls(open(os.devnull, "wb"))
        buffered = stream.isatty()
        return cls(stream.buffer, stream.encoding, "replace", line_buffering=buffered)

    def write(self, text: str) -> int:
        try:
            return super().write(text)
        except BrokenPipeError:
            raise _PipeClosed from None

    def close(self) -> None:
        """The stream below is not ours to close."""
        self.flush()

    def flush(self) -> None:
        try:
            super().flush()
        except BrokenPipeError:
            raise _PipeClosed from None


def _usage(error: Exception) -> str:
    """One line about an option that does not exist or does not read, and where to look."""
    context = getattr(error, "ctx", None)
    command = getattr(context, "command_path", "glideslope")
    message = str(error.format_message()).strip().rstrip(".")  # type: ignore[attr-defined]
    return f"{message}. See `{command} --help`."


def _fail(message: str) -> None:
    print(f"glideslope: {message}", file=sys.stderr)
    sys.exit(2)


def _discard_stdout() -> None:
    """Nothing more can be written; keep Python from trying, and complaining, as it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
