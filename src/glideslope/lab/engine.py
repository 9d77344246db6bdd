"""Engine: who runs the cells. joblib does, on processes of this machine or on a Ray cluster."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .._check import OneOf, ScheduleError, Whole, check_value
from .cell import run_cell
from .plan import Cell, Plan

ENGINES = ("processes", "ray")


class WorkerDiedError(Exception):
    """A worker process was killed from outside: by a signal, or because memory ran out."""


def check_engine(engine: str, jobs: int | None, ray_address: str | None) -> None:
    """Raise :class:`~glideslope.ScheduleError` for another engine, jobs < 1, and an address without Ray."""
    check_value("compare", "--engine", OneOf(ENGINES), engine)
    if jobs is not None:
        check_value("compare", "--jobs", Whole(), jobs)
    if engine != "ray" and ray_address is not None:
        raise ScheduleError.about("compare: `--ray-address`", "come with `--engine ray`", engine)


def run_cells(
    plan: Plan,
    identity: str,
    cells: Sequence[Cell],
    folder: Path,
    engine: str = "processes",
    jobs: int | None = None,
    ray_address: str | None = None,
) -> list[str]:
    """Run the cells, ``jobs`` at a time (None: one for each core), and return what they want to be said aloud.

    With ``engine="ray"`` they run on the cluster at ``ray_address``, or on one that is started here; ``folder`` must
    then be one that every machine of the cluster sees. Raises :class:`WorkerDiedError` when a worker was killed, and
    :class:`~glideslope.ScheduleError` when Ray is not there.
    """
    import joblib
    from joblib.externals.loky.process_executor import BrokenProcessPool

    with _ray(ray_address, jobs) if engine == "ray" else _processes(jobs) as n_jobs:
        at_once = min(n_jobs, len(cells))
        parallel = joblib.Parallel(n_jobs=at_once, batch_size=1, pre_dispatch=at_once)
        try:
            call, here, owner = joblib.delayed(run_cell), folder.resolve(), os.getpid()
            notes = parallel(call(plan, identity, cell, here, owner) for cell in cells)
        except BrokenProcessPool:
            raise WorkerDiedError("a worker process was killed: by somebody, or because memory ran out") from None
        except Exception as error:
            if type(error).__module__.partition(".")[0] != "ray":
                raise
            reason = str(error).partition("\n")[0]
            raise WorkerDiedError(f"Ray lost a worker ({type(error).__name__}: {reason})") from None
    return [note for each in notes for note in each]


@contextmanager
def _processes(jobs: int | None) -> Iterator[int]:
    import joblib

    with joblib.parallel_config(backend="loky"):
        yield jobs or joblib.cpu_count()


@contextmanager
def _ray(address: str | None, jobs: int | None) -> Iterator[int]:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is reported to anybody
    try:
        import ray
        from ray.util.joblib import register_ray
    except ImportError:
        raise ScheduleError('--engine ray needs Ray: pip install "glideslope[ray]".') from None
    import joblib

    started = not ray.is_initialized()
    if started:
        _connect(address, jobs)
    try:
        register_ray()  # type: ignore[no-untyped-call]
        with joblib.parallel_config(backend="ray"):
            yield jobs or int(ray.cluster_resources()["CPU"])  # type: ignore[no-untyped-call]
    finally:
        if started:
            ray.shutdown()


def _connect(address: str | None, jobs: int | None) -> None:
    """Join the cluster at ``address``, or start one on this machine."""
    import ray

    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": "ERROR"}
    if address is None:
        ray.init(address="local", num_cpus=jobs, include_dashboard=False, **quiet)
        return
    try:
        if address != "auto":  # Ray itself would try for a minute, and then end the process
            host, _, port = address.rpartition(":")
            socket.create_connection((host, int(port)), timeout=5).close()
        ray.init(address=address, **quiet)
    except (OSError, ValueError, OverflowError, RuntimeError) as error:
        must = "be auto or HOST:PORT of a Ray cluster that answers"
        raise ScheduleError.about("--ray-address", must, address, f"({' '.join(str(error).split())[:120]})") from None
