"""Files as views leave them behind: whole or not at all."""

import os
import tempfile
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from .._check import ScheduleError


def write_file(path: str | Path, content: str | bytes) -> None:
    """Write a file atomically: a reader sees the old one or the whole new one, also after a kill.

    Raises :class:`ScheduleError` when it cannot be written.
    """
    target = Path(path)
    data = content.encode() if isinstance(content, str) else content
    draft = ""
    try:
        if target.is_dir():
            raise IsADirectoryError(21, "it is a directory")
        target = target.resolve()  # through a link, to the file it stands for
        handle, draft = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:100]}.", suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(draft, _mode(target))
        os.replace(draft, target)
    except (OSError, ValueError) as error:  # ValueError: a null byte in the path
        reason = getattr(error, "strerror", None) or str(error)
        raise ScheduleError(f"the file must be writable, got {str(path)!r}: {reason}.") from None
    finally:
        with suppress(OSError, ValueError):
            if draft:
                os.unlink(draft)


def _mode(target: Path) -> int:
    """The rights of the file that is replaced, or those that a new file gets here."""
    if target.exists():
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def needs(module: str, extra: str, what: str) -> None:
    """Raise a :class:`ScheduleError` that names the extra when the library behind a view is not installed."""
    try:
        found = find_spec(module)
    except ValueError:  # its entry in sys.modules is None: barred from import
        found = None
    if found is None:
        raise ScheduleError(f'{what} must have {module}, which is not installed: pip install "glideslope[{extra}]"')
