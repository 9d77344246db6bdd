"""The drop-ins inside real trainers: Lightning, Accelerate, the Hugging Face Trainer, Ignite and DeepSpeed, all on the CPU.

A hook on the optimizer writes down the lr that every update used; the oracle is torch's own class in the same trainer.
Warnings are errors here. Other people's are let through by their message, never by the module they come from: ours point
at the caller's line, which is the trainer's.
"""

import gc
import itertools
import json
import os
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import lightning
import pytest
import torch
from accelerate import Accelerator
from accelerate.scheduler import AcceleratedScheduler
from accelerate.state import AcceleratorState, GradientState, PartialState
from torch import Tensor, nn
from torch.optim import SGD, Optimizer
from torch.optim import lr_scheduler as torchs
from torch.utils.data import DataLoader, Dataset
from transformers import Trainer, TrainingArguments

import glideslope as gs
from glideslope import lr_scheduler as ours
from glideslope.torch import Scheduler

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # importing Ignite compiles with torch.jit
    from ignite.engine import Engine, Events
    from ignite.handlers import Checkpoint, DiskSaver, create_lr_scheduler_with_warmup
    from ignite.handlers.param_scheduler import LRScheduler as IgniteLRScheduler

pytestmark = [
    # All warnings of ours are UserWarnings.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    # Lightning's advice depends on the machine.
    pytest.mark.filterwarnings("ignore:The 'train_dataloader' does not have many workers:UserWarning"),
    pytest.mark.filterwarnings("ignore:GPU available but not used:UserWarning"),
]

UPDATES, STOP, PER_EPOCH = 12, 8, 4
WATCHED = [1.0, 0.5, 0.6, 0.7, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.3, 0.3]
"""What a ReduceLROnPlateau is shown: with patience=1 it reduces three times, in UPDATES steps."""

Make = Callable[[Any, Optimizer], Any]


@pytest.fixture(scope="module", autouse=True)
def little_garbage_to_look_through() -> Iterator[None]:
    """The Hugging Face Trainer collects garbage at its start: 0.3 s every time, of imported modules alone."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


def warmup_then_cosine(library: Any, optimizer: Optimizer) -> Any:
    parts = [
        library.LinearLR(optimizer, 0.1, total_iters=4),
        library.CosineAnnealingLR(optimizer, T_max=8, eta_min=0.01),
    ]
    return library.SequentialLR(optimizer, parts, milestones=[4])


def halved_over(epoch: int) -> float:
    return 0.5 ** (epoch // 5)


MAKE: dict[str, Make] = {
    "StepLR": lambda lib, o: lib.StepLR(o, step_size=3, gamma=0.5),
    "MultiStepLR": lambda lib, o: lib.MultiStepLR(o, milestones=[2, 8, 9], gamma=0.5),
    "ConstantLR": lambda lib, o: lib.ConstantLR(o, factor=0.5, total_iters=5),
    "LinearLR": lambda lib, o: lib.LinearLR(o, start_factor=0.25, total_iters=6),
    "ExponentialLR": lambda lib, o: lib.ExponentialLR(o, gamma=0.9),
    "PolynomialLR": lambda lib, o: lib.PolynomialLR(o, total_iters=15, power=2.0),
    "CosineAnnealingLR": lambda lib, o: lib.CosineAnnealingLR(o, T_max=20, eta_min=0.01),
    "CosineAnnealingWarmRestarts": lambda lib, o: lib.CosineAnnealingWarmRestarts(o, T_0=3, T_mult=2, eta_min=0.01),
    "LambdaLR": lambda lib, o: lib.LambdaLR(o, halved_over),
    "MultiplicativeLR": lambda lib, o: lib.MultiplicativeLR(o, lambda epoch: 0.95),
    "CyclicLR": lambda lib, o: lib.CyclicLR(o, base_lr=0.01, max_lr=0.1, step_size_up=3),
    "OneCycleLR": lambda lib, o: lib.OneCycleLR(o, max_lr=0.5, total_steps=UPDATES),
    "ChainedScheduler": lambda lib, o: lib.ChainedScheduler(
        [lib.LinearLR(o, 0.5, total_iters=4), lib.ExponentialLR(o, 0.9)]
    ),
    "SequentialLR": warmup_then_cosine,
    "Scheduler": lambda lib, o: Scheduler(o, gs.CosineDecay(20)) if lib is ours else lib.CosineAnnealingLR(o, T_max=20),
}
every_class = pytest.mark.parametrize("name", MAKE)
a_few_classes = pytest.mark.parametrize(
    "name", ["StepLR", "CosineAnnealingLR", "OneCycleLR", "SequentialLR", "Scheduler"]
)


def plateau(library: Any, optimizer: Optimizer) -> Any:
    return library.ReduceLROnPlateau(optimizer, factor=0.5, patience=1)


def plateau_of_the_scheduler(library: Any, optimizer: Optimizer) -> Scheduler:
    return Scheduler(optimizer, gs.Constant(), plateau=gs.Plateau(factor=0.5, patience=1))


def warmup_then_plateau(library: Any, optimizer: Optimizer) -> Any:
    parts = [library.LinearLR(optimizer, 0.1, total_iters=4), plateau(library, optimizer)]
    return library.SequentialLR(optimizer, parts, milestones=[4])


class Lines(Dataset[dict[str, Tensor]]):
    """Points of a line: ``x`` and twice ``x``."""

    def __len__(self) -> int:
        return 2 * PER_EPOCH

    def __getitem__(self, i: int) -> dict[str, Tensor]:
        x = torch.tensor([i / len(self)])
        return {"x": x, "labels": 2 * x}


class Net(nn.Module):
    """One weight, and the loss in what it returns, as the Hugging Face Trainer wants it."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(1, 1)

    def forward(self, x: Tensor, labels: Tensor) -> dict[str, Tensor]:
        y = self.layer(x)
        return {"loss": nn.functional.mse_loss(y, labels), "logits": y}


def batches() -> DataLoader[dict[str, Tensor]]:
    return DataLoader(Lines(), batch_size=2)


def optimizer_of(model: nn.Module, used: list[float]) -> SGD:
    """An optimizer that writes down in ``used`` the lr of every update."""
    optimizer = SGD(model.parameters(), lr=0.1, momentum=0.9)
    optimizer.register_step_pre_hook(lambda optimizer, *_: used.append(float(optimizer.param_groups[0]["lr"])))
    return optimizer


def alone(library: Any, make: Make, updates: int = UPDATES) -> list[float]:
    """The lr of every update in a loop that anybody would write."""
    used: list[float] = []
    optimizer = optimizer_of(nn.Linear(1, 1), used)
    scheduler = make(library, optimizer)
    for _ in range(updates):
        optimizer.step()
        scheduler.step()
    return used


def alone_on_plateau(library: Any, metrics: list[float]) -> list[float]:
    """The same with a ReduceLROnPlateau, and one metric for every update."""
    used: list[float] = []
    optimizer = optimizer_of(nn.Linear(1, 1), used)
    scheduler = plateau(library, optimizer)
    for metric in metrics:
        optimizer.step()
        scheduler.step(metric)
    return used


# -- Lightning ----------------------------------------------------------------------------------------------------------


class Lit(lightning.LightningModule):
    def __init__(self, library: Any, make: Make, **options: Any) -> None:
        super().__init__()
        self.net, self.used, self.library, self.make, self.options = Net(), [], library, make, options  # type: ignore[var-annotated]

    def training_step(self, batch: dict[str, Tensor]) -> Tensor:
        return self.net(**batch)["loss"]

    def on_train_epoch_end(self) -> None:
        self.log("watched", WATCHED[self.current_epoch])

    def configure_optimizers(self) -> Any:
        optimizer = optimizer_of(self, self.used)
        scheduler = {"scheduler": self.make(self.library, optimizer), "interval": "step", **self.options}
        return {"optimizer": optimizer, "lr_scheduler": scheduler}


def fit(
    module: Lit, epochs: int = UPDATES // PER_EPOCH, resume: Path | None = None, **options: Any
) -> lightning.Trainer:
    trainer = lightning.Trainer(
        accelerator="cpu",
        devices=1,
        max_epochs=epochs,
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        **options,
    )
    trainer.fit(module, batches(), ckpt_path=resume)
    return trainer


@every_class
def test_lightning_trains_with_the_lrs_of_torchs_class(name: str) -> None:
    mine, theirs = Lit(ours, MAKE[name]), Lit(torchs, MAKE[name])
    fit(mine), fit(theirs)
    assert mine.used == pytest.approx(theirs.used, rel=1e-9)
    assert len(mine.used) == UPDATES


@every_class
def test_a_resumed_lightning_run_has_the_lrs_of_one_that_never_stopped(name: str, tmp_path: Path) -> None:
    first, second = Lit(ours, MAKE[name]), Lit(ours, MAKE[name])
    fit(first, epochs=STOP // PER_EPOCH).save_checkpoint(tmp_path / "stopped.ckpt")
    fit(second, resume=tmp_path / "stopped.ckpt")
    assert first.used + second.used == pytest.approx(alone(ours, MAKE[name]), rel=1e-12)


@pytest.mark.parametrize("kind", ["plateau", "warmup, then plateau", "a plateau of the Scheduler"])
def test_lightning_hands_the_monitored_metric_to_what_wants_one(kind: str, tmp_path: Path) -> None:
    if kind == "plateau":
        make, options, expected = plateau, {}, alone_on_plateau(torchs, WATCHED)
    elif kind == "a plateau of the Scheduler":
        make, options, expected = (
            plateau_of_the_scheduler,
            {"reduce_on_plateau": True},
            alone_on_plateau(torchs, WATCHED),
        )
    else:
        make, options = warmup_then_plateau, {"reduce_on_plateau": True}
        warmup = alone(torchs, lambda lib, o: lib.LinearLR(o, 0.1, total_iters=4), updates=4)
        expected = warmup + alone_on_plateau(torchs, WATCHED[4:])
    options = {"interval": "epoch", "monitor": "watched", **options}
    whole, first, second = (Lit(ours, make, **options) for _ in range(3))
    fit(whole, epochs=UPDATES, limit_train_batches=1)
    assert whole.used == pytest.approx(expected, rel=1e-9)
    assert len(set(whole.used)) > 3
    fit(first, epochs=STOP, limit_train_batches=1).save_checkpoint(tmp_path / "stopped.ckpt")
    fit(second, epochs=UPDATES, limit_train_batches=1, resume=tmp_path / "stopped.ckpt")
    assert first.used + second.used == whole.used


def test_lightning_accumulates_gradients_without_a_false_alarm() -> None:
    module = Lit(ours, warmup_then_cosine)
    fit(module, epochs=UPDATES // 2, accumulate_grad_batches=2)
    assert module.used == pytest.approx(alone(torchs, warmup_then_cosine), rel=1e-9)


def test_a_scheduler_that_lightning_is_made_to_step_twice_per_update_is_noticed() -> None:
    class Twice(Lit):
        def lr_scheduler_step(self, scheduler: Any, metric: Any) -> None:
            scheduler.step()
            scheduler.step()

    with pytest.warns(UserWarning, match="ExponentialLR: .* the schedule runs about 2 times as fast as the training"):
        fit(Twice(ours, MAKE["ExponentialLR"]))


# -- Accelerate ---------------------------------------------------------------------------------------------------------


class Accelerated:
    """A training under Accelerate, as its guide has it: every object prepared, ``step`` called for every batch."""

    def __init__(self, library: Any, make: Make, accumulate: int = 1) -> None:
        forget_the_last_accelerator()
        self.used: list[float] = []
        self.accelerator = Accelerator(cpu=True, gradient_accumulation_steps=accumulate)
        model = Net()
        optimizer = optimizer_of(model, self.used)
        self.raw = make(library, optimizer)
        self.parts = self.accelerator.prepare(model, optimizer, batches(), self.raw)
        assert type(self.parts[-1]) is AcceleratedScheduler

    def train(self, updates: int, metrics: list[float] | None = None) -> "Accelerated":
        model, optimizer, loader, scheduler = self.parts
        for batch in itertools.chain.from_iterable(itertools.repeat(loader)):
            with self.accelerator.accumulate(model):
                self.accelerator.backward(model(**batch)["loss"])
                optimizer.step()
                scheduler.step(*[] if metrics is None else [metrics[len(self.used) - 1]])
                optimizer.zero_grad()
            if len(self.used) == updates and self.accelerator.sync_gradients:
                return self
        raise AssertionError("the loader never ends")


def forget_the_last_accelerator() -> None:
    for state in (AcceleratorState, PartialState, GradientState):
        state._reset_state()


@every_class
def test_accelerate_trains_with_the_lrs_of_torchs_class(name: str) -> None:
    mine, theirs = (Accelerated(library, MAKE[name]).train(UPDATES).used for library in (ours, torchs))
    assert mine == pytest.approx(theirs, rel=1e-9)
    assert len(mine) == UPDATES


@every_class
def test_a_resumed_accelerate_run_has_the_lrs_of_one_that_never_stopped(name: str, tmp_path: Path) -> None:
    first = Accelerated(ours, MAKE[name]).train(STOP)
    first.accelerator.save_state(tmp_path)
    second = Accelerated(ours, MAKE[name])
    second.accelerator.load_state(tmp_path)
    assert first.used + second.train(UPDATES - STOP).used == pytest.approx(alone(ours, MAKE[name]), rel=1e-12)


@every_class
def test_accelerate_accumulates_gradients_without_a_false_alarm(name: str) -> None:
    assert Accelerated(ours, MAKE[name], accumulate=2).train(UPDATES).used == pytest.approx(
        alone(torchs, MAKE[name]), rel=1e-9
    )


@pytest.mark.parametrize("accumulate", [1, 2])
def test_accelerate_hands_a_metric_to_a_plateau(accumulate: int) -> None:
    mine = Accelerated(ours, plateau, accumulate).train(UPDATES, WATCHED).used
    assert mine == pytest.approx(alone_on_plateau(torchs, WATCHED), rel=1e-9)


def test_a_one_cycle_that_accelerate_runs_past_its_end_is_held_there_and_that_is_said_once() -> None:
    run = Accelerated(ours, MAKE["OneCycleLR"])
    with pytest.warns(UserWarning, match="OneCycleLR: this is step 13 of a cycle of total_steps=12") as said:
        run.train(UPDATES + 6)
    assert len(said) == 1
    assert run.used[:UPDATES] == pytest.approx(alone(torchs, MAKE["OneCycleLR"]), rel=1e-9)
    assert run.used[UPDATES - 1 :] == pytest.approx([0.5 / 25 / 1e4] * 7, rel=1e-9)


PROCESSES = """
import json, sys, warnings
from pathlib import Path
sys.path.insert(0, {here!r})
warnings.simplefilter("error", UserWarning)
from accelerate import debug_launcher
import test_trainers as t

def train(folder):
    for library in (t.ours, t.torchs):
        for name in {names!r}:
            run = t.Accelerated(library, t.MAKE[name]).train(6)
            assert run.accelerator.num_processes == 2
            rank = run.accelerator.process_index
            (Path(folder) / f"{{library.__name__}}.{{name}}.{{rank}}").write_text(json.dumps(run.used))

debug_launcher(train, (sys.argv[1],), num_processes=2)
"""


def test_two_processes_of_accelerate_step_twice_per_update_without_a_false_alarm(tmp_path: Path) -> None:
    names = ["ExponentialLR", "CosineAnnealingLR", "OneCycleLR", "SequentialLR"]
    script = PROCESSES.format(here=str(Path(__file__).parent), names=names)
    run = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert run.returncode == 0, run.stderr
    for name, rank in itertools.product(names, "01"):
        mine, theirs = (json.loads((tmp_path / f"{lib.__name__}.{name}.{rank}").read_text()) for lib in (ours, torchs))
        assert mine == pytest.approx(theirs, rel=1e-9)
        assert mine == pytest.approx(alone(torchs, MAKE[name])[::2], rel=1e-9)


# -- Hugging Face's Trainer ---------------------------------------------------------------------------------------------


def hugged(library: Any, make: Make, folder: Path, resume: Path | None = None, **options: Any) -> list[float]:
    """Train UPDATES steps, with a checkpoint after STOP of them, and return the lr of every update."""
    forget_the_last_accelerator()
    used: list[float] = []
    model = Net()
    optimizer = optimizer_of(model, used)
    watched = iter(WATCHED[STOP:] if resume else WATCHED)
    arguments = TrainingArguments(
        output_dir=str(folder),
        max_steps=UPDATES,
        per_device_train_batch_size=2,
        save_steps=STOP,
        use_cpu=True,
        report_to="none",
        disable_tqdm=True,
        logging_strategy="no",
        **options,
    )
    trainer = Trainer(
        model,
        arguments,
        train_dataset=Lines(),
        eval_dataset=Lines(),
        compute_metrics=lambda _: {"watched": next(watched)},
        optimizers=(optimizer, make(library, optimizer)),  # type: ignore[arg-type]
    )
    trainer.train(resume_from_checkpoint=str(resume) if resume else None)
    return used


@every_class
def test_the_hugging_face_trainer_uses_the_lrs_of_torchs_class(name: str, tmp_path: Path) -> None:
    mine, theirs = (hugged(library, MAKE[name], tmp_path, save_strategy="no") for library in (ours, torchs))
    assert mine == pytest.approx(theirs, rel=1e-9)
    assert len(mine) == UPDATES


@every_class
def test_a_resumed_hugging_face_run_has_the_lrs_of_one_that_never_stopped(name: str, tmp_path: Path) -> None:
    whole = hugged(ours, MAKE[name], tmp_path)
    assert hugged(ours, MAKE[name], tmp_path, resume=tmp_path / f"checkpoint-{STOP}") == whole[STOP:]


@a_few_classes
def test_the_hugging_face_trainer_accumulates_gradients_without_a_false_alarm(name: str, tmp_path: Path) -> None:
    mine = hugged(ours, MAKE[name], tmp_path, save_strategy="no", gradient_accumulation_steps=2)
    assert mine == pytest.approx(alone(torchs, MAKE[name]), rel=1e-9)


def test_the_hugging_face_trainer_hands_the_metric_of_an_evaluation_to_a_plateau(tmp_path: Path) -> None:
    evaluate = {"eval_strategy": "steps", "eval_steps": 1, "metric_for_best_model": "watched"}
    whole = hugged(ours, plateau, tmp_path, **evaluate)
    assert whole == pytest.approx(alone_on_plateau(torchs, WATCHED), rel=1e-9)
    assert hugged(ours, plateau, tmp_path, resume=tmp_path / f"checkpoint-{STOP}", **evaluate) == whole[STOP:]


# -- Ignite -------------------------------------------------------------------------------------------------------------

CLOSED_IN_TORCH = ["StepLR", "MultiStepLR", "LambdaLR", "CyclicLR", "OneCycleLR"]
"""Classes whose get_lr() torch can ask for at the first step: the recursive ones are a factor ahead there (or
CosineAnnealingWarmRestarts a step), SequentialLR and ChainedScheduler have none."""


class Ignited:
    """A training under Ignite, which never calls ``step()``: it counts ``last_epoch`` up and asks ``get_lr()``."""

    def __init__(self, library: Any, make: Make, wrap: Callable[[Any], Any] = IgniteLRScheduler) -> None:
        self.used: list[float] = []
        self.momenta: list[float] = []
        self.model = Net()
        self.optimizer = optimizer_of(self.model, self.used)
        self.optimizer.register_step_pre_hook(lambda o, *_: self.momenta.append(o.param_groups[0]["momentum"]))
        self.scheduler = wrap(make(library, self.optimizer))
        self.trainer = Engine(self._update)
        self.trainer.add_event_handler(Events.ITERATION_STARTED, self.scheduler)

    def _update(self, engine: Engine, batch: dict[str, Tensor]) -> None:
        self.optimizer.zero_grad()
        self.model(**batch)["loss"].backward()
        self.optimizer.step()

    @property
    def parts(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("model", "optimizer", "scheduler", "trainer")}

    def train(self, updates: int) -> "Ignited":
        self.trainer.run(batches(), max_epochs=updates // PER_EPOCH)
        return self


@every_class
def test_ignite_trains_with_the_lrs_of_a_plain_loop_with_torchs_class(name: str) -> None:
    assert Ignited(ours, MAKE[name]).train(UPDATES).used == pytest.approx(alone(torchs, MAKE[name]), rel=1e-9)


@pytest.mark.parametrize("name", CLOSED_IN_TORCH)
def test_ignite_trains_with_the_lrs_of_torchs_class(name: str) -> None:
    mine, theirs = (Ignited(library, MAKE[name]).train(UPDATES).used for library in (ours, torchs))
    assert mine == pytest.approx(theirs, rel=1e-9)
    assert len(mine) == UPDATES


@pytest.mark.parametrize("name", ["CyclicLR", "OneCycleLR"])
def test_ignite_cycles_the_momentum_as_with_torchs_class(name: str) -> None:
    mine, theirs = (Ignited(library, MAKE[name]).train(UPDATES).momenta for library in (ours, torchs))
    assert mine == pytest.approx(theirs, rel=1e-9)


@every_class
def test_a_resumed_ignite_run_has_the_lrs_of_one_that_never_stopped(name: str, tmp_path: Path) -> None:
    first, second = Ignited(ours, MAKE[name]), Ignited(ours, MAKE[name])
    save = Checkpoint(first.parts, DiskSaver(tmp_path), filename_pattern="{name}.{ext}")
    first.trainer.add_event_handler(Events.COMPLETED, save)
    first.train(STOP)
    Checkpoint.load_objects(second.parts, tmp_path / "checkpoint.pt")
    assert first.used + second.train(UPDATES).used == pytest.approx(alone(ours, MAKE[name]), rel=1e-12)


@every_class
def test_ignite_simulates_the_lrs_and_puts_the_scheduler_back(name: str) -> None:
    optimizer = optimizer_of(nn.Linear(1, 1), [])
    scheduler = MAKE[name](ours, optimizer)
    before = scheduler.state_dict()
    values = IgniteLRScheduler.simulate_values(UPDATES, scheduler)
    assert [lr for _, lr in values] == pytest.approx(alone(torchs, MAKE[name]), rel=1e-9)
    assert scheduler.state_dict() == before


@pytest.mark.parametrize("name", ["StepLR", "ExponentialLR", "CosineAnnealingLR", "CosineAnnealingWarmRestarts"])
def test_ignites_own_warmup_goes_before_a_drop_in_as_before_torchs_class(name: str) -> None:
    def warmed(scheduler: Any) -> Any:
        return create_lr_scheduler_with_warmup(
            scheduler, warmup_start_value=0.0, warmup_end_value=0.1, warmup_duration=3
        )

    mine, theirs = (Ignited(library, MAKE[name], warmed).train(UPDATES).used for library in (ours, torchs))
    assert mine == pytest.approx(theirs, rel=1e-9)


# -- DeepSpeed ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def deepspeed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Any]:
    """DeepSpeed with one process: a group of one on the CPU, and no C++ compiled for what it would say to others."""
    monkeypatch.setenv("LOCAL_RANK", "0")
    monkeypatch.setenv("DS_ACCELERATOR", "cpu")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        deepspeed = pytest.importorskip("deepspeed", reason="deepspeed is not installed")
    monkeypatch.setitem(deepspeed.ops.__compatible_ops__, "deepspeed_shm_comm", False)
    torch.distributed.init_process_group("gloo", init_method=(tmp_path / "group").as_uri(), rank=0, world_size=1)
    yield deepspeed
    deepspeed.comm.destroy_process_group()


class Sped:
    def __init__(self, deepspeed: Any, library: Any, make: Make, accumulate: int = 1) -> None:
        self.used: list[float] = []
        model = Net()
        optimizer = optimizer_of(model, self.used)
        scheduler = make(library, optimizer)
        self.engine, _, _, kept = deepspeed.initialize(
            model=model,
            optimizer=optimizer,
            lr_scheduler=scheduler,
            config={"train_micro_batch_size_per_gpu": 2, "gradient_accumulation_steps": accumulate},
            dist_init_required=False,
        )
        assert kept is scheduler

    def train(self, updates: int, metrics: list[float] | None = None) -> "Sped":
        for batch in itertools.chain.from_iterable(itertools.repeat(batches())):
            self.engine.backward(self.engine(**batch)["loss"])
            self.engine.step(lr_kwargs=None if metrics is None else {"metrics": metrics[len(self.used)]})
            if len(self.used) == updates:
                return self
        raise AssertionError("the loader never ends")


@every_class
def test_deepspeed_trains_with_the_lrs_of_torchs_class(deepspeed: Any, name: str) -> None:
    mine, theirs = (Sped(deepspeed, library, MAKE[name]).train(UPDATES).used for library in (ours, torchs))
    assert mine == pytest.approx(theirs, rel=1e-9)
    assert len(mine) == UPDATES


@every_class
def test_a_resumed_deepspeed_run_has_the_lrs_of_one_that_never_stopped(
    deepspeed: Any, name: str, tmp_path: Path
) -> None:
    first, second = Sped(deepspeed, ours, MAKE[name]).train(STOP), Sped(deepspeed, ours, MAKE[name])
    first.engine.save_checkpoint(str(tmp_path))
    second.engine.load_checkpoint(str(tmp_path))
    assert first.used + second.train(UPDATES - STOP).used == pytest.approx(alone(ours, MAKE[name]), rel=1e-12)


@a_few_classes
def test_deepspeed_accumulates_gradients_without_a_false_alarm(deepspeed: Any, name: str) -> None:
    mine = Sped(deepspeed, ours, MAKE[name], accumulate=2).train(UPDATES).used
    assert mine == pytest.approx(alone(torchs, MAKE[name]), rel=1e-9)


def test_deepspeed_hands_a_metric_to_a_plateau(deepspeed: Any) -> None:
    mine = Sped(deepspeed, ours, plateau).train(UPDATES, WATCHED).used
    assert mine == pytest.approx(alone_on_plateau(torchs, WATCHED), rel=1e-9)


def test_a_plateau_that_deepspeed_gives_no_metric_says_so_where_torchs_takes_the_batch_size(deepspeed: Any) -> None:
    assert len(set(Sped(deepspeed, torchs, plateau).train(UPDATES).used)) > 1  # it "watched" 2, 2, 2, ...
    with pytest.raises(gs.ScheduleError, match="`metrics` must be a number, got None"):
        Sped(deepspeed, ours, plateau).train(UPDATES)


# -- without a trainer --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*MAKE, "ReduceLROnPlateau"])
def test_a_drop_in_has_what_the_trainers_look_for_and_no_more(name: str, tmp_path: Path) -> None:
    scheduler = MAKE.get(name, plateau)(ours, optimizer_of(nn.Linear(1, 1), []))
    assert isinstance(scheduler, torchs.LRScheduler)  # Lightning, Accelerate, Ignite
    assert isinstance(scheduler, torchs.ReduceLROnPlateau) == (name == "ReduceLROnPlateau")  # Lightning, Hugging Face
    assert not callable(scheduler)  # DeepSpeed would call it with the optimizer
    assert not hasattr(scheduler, "total_steps")  # Accelerate would stop there
    state = scheduler.state_dict()
    torch.save(state, tmp_path / "scheduler.pt")
    assert torch.load(tmp_path / "scheduler.pt", weights_only=True) == state  # Hugging Face, Ignite
