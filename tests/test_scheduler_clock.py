"""Scheduler: what its time is; who may move it, what is said of a wrong loop, and the clock on the device."""

import copy
import json
import pickle
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
import torch
from torch._dynamo.utils import counters

import glideslope as gs
from glideslope.torch import Scheduler, Value

FALL = gs.CosineDecay(40).warmup(5)
STAIRS = gs.MultiStepDecay([7, 20], gamma=0.5)


def net() -> torch.nn.Module:
    torch.manual_seed(0)
    return torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Linear(4, 1))


def two_groups(model: Any) -> list[dict[str, Any]]:
    return [{"params": list(model[0].parameters()), "lr": 0.2}, {"params": list(model[1].parameters())}]


def backward(model: torch.nn.Module, scale: float = 1.0) -> None:
    model.zero_grad()
    (model(torch.ones(2, 3)).square().mean() * scale).backward()


# -- the wall ----------------------------------------------------------------------------------------------------------


class Hand:
    """The hand of a clock that the test turns."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr("glideslope.torch._wall.monotonic", lambda: self.now)


def test_a_schedule_follows_the_clock_on_the_wall(monkeypatch: pytest.MonkeyPatch) -> None:
    hand = Hand(monkeypatch)
    optimizer = torch.optim.SGD(net().parameters(), lr=0.1)
    run = gs.Run(wall="2h")
    scheduler = Scheduler(optimizer, gs.CosineDecay("100%").warmup("10min", start_factor=0.0), run=run)
    want = gs.CosineDecay(7200).warmup(600, start_factor=0.0)
    for minutes in (0, 1, 5, 5, 60.5, 119, 150):
        hand.now = 1000 + 60 * minutes
        optimizer.step()
        assert scheduler.get_last_lr() == scheduler.get_lr()  # the clock is read at a step, and then stands
        scheduler.step()
        assert optimizer.param_groups[0]["lr"] == pytest.approx(0.1 * want(min(60 * minutes, 9000)), abs=1e-15)
    assert scheduler.last_epoch == 7


@pytest.mark.parametrize("twin", ["state", "pickle", "copy"])
def test_the_clock_stands_still_between_a_stop_and_a_resume(monkeypatch: pytest.MonkeyPatch, twin: str) -> None:
    hand = Hand(monkeypatch)

    def build() -> tuple[Any, Scheduler]:
        optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=1.0)
        return optimizer, Scheduler(optimizer, gs.LinearDecay("100%"), run=gs.Run(wall="100s"))

    optimizer, scheduler = build()
    for _ in range(3):
        hand.now += 10
        optimizer.step()
        scheduler.step()
    assert optimizer.param_groups[0]["lr"] == pytest.approx(0.7)
    state = scheduler.state_dict()
    packed = pickle.dumps((optimizer, scheduler))
    hand.now = 5.0  # another machine, whose clock began later
    if twin == "state":
        optimizer, scheduler = build()
        scheduler.load_state_dict(state)
    else:
        optimizer, scheduler = pickle.loads(packed) if twin == "pickle" else copy.deepcopy((optimizer, scheduler))
    assert optimizer.param_groups[0]["lr"] == pytest.approx(0.7)
    seen = []
    for _ in range(4):
        hand.now += 10
        optimizer.step()
        scheduler.step()
        seen.append(optimizer.param_groups[0]["lr"])
    assert seen == pytest.approx([0.6, 0.5, 0.4, 0.3])
    hand.now -= 30  # a clock that goes back moves nothing
    optimizer.step()
    scheduler.step()
    assert optimizer.param_groups[0]["lr"] == pytest.approx(0.3)


def test_changes_by_hand_and_other_lengths_work_on_the_wall(monkeypatch: pytest.MonkeyPatch) -> None:
    hand = Hand(monkeypatch)
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=1.0)
    scheduler = Scheduler(optimizer, gs.Constant(), run=gs.Run(wall="100s"), advance="optimizer")
    hand.now += 50.5
    optimizer.step()
    scheduler.cooldown("20s", shape="linear")
    state = scheduler.state_dict()
    for seconds, lr in ((60.5, 0.525), (71, 0.0), (90, 0.0)):
        hand.now = 1000 + seconds
        optimizer.step()
        assert optimizer.param_groups[0]["lr"] == pytest.approx(lr)
    scheduler.undo()
    assert optimizer.param_groups[0]["lr"] == 1.0

    longer = Scheduler(optimizer, gs.LinearDecay("100%"), run=gs.Run(wall="200s"), policy="stretch")
    longer.load_state_dict(state)
    assert optimizer.param_groups[0]["lr"] == pytest.approx(1 - 101 / 200)
    with pytest.raises(gs.ScheduleError, match="it counts seconds, and this scheduler steps"):
        Scheduler(optimizer, gs.Constant(), policy="mine").load_state_dict(state)
    steps = Scheduler(optimizer, gs.LinearDecay("100%"), run=gs.Run(steps=1000), policy="stretch")
    steps.load_state_dict(state)
    assert steps.last_epoch == 505


@pytest.mark.skipif(not torch.distributed.is_available(), reason="torch was built without distributed")
def test_all_ranks_read_one_clock_and_agree_on_a_metric(tmp_path: Any) -> None:
    program = textwrap.dedent(
        """
        import sys, time, torch, torch.distributed as dist
        import glideslope as gs
        from glideslope.torch import Scheduler
        rank, store = int(sys.argv[1]), sys.argv[2]
        dist.init_process_group("gloo", init_method=f"file://{store}", rank=rank, world_size=2)
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
        plateau = gs.Plateau(patience=0, factor=0.5, reduce_metric="mean")
        scheduler = Scheduler(optimizer, gs.LinearDecay("100%"), run=gs.Run(wall="1000s"), plateau=plateau)
        time.sleep(0.2 * rank)
        for metric in (1.0, 1.0 if rank else 3.0):  # the mean gets worse on both, the own metric on one
            optimizer.step()
            scheduler.step(metric)
        print(repr((scheduler.get_last_lr(), scheduler.values()["plateau"])))
        dist.barrier()
        dist.destroy_process_group()
        """
    )
    runs = [
        subprocess.Popen([sys.executable, "-c", program, str(rank), str(tmp_path / "store")], stdout=subprocess.PIPE)
        for rank in (0, 1)
    ]
    said = [run.communicate(timeout=120)[0].decode() for run in runs]
    assert [run.returncode for run in runs] == [0, 0]
    assert said[0] == said[1]
    assert ", 0.5)" in said[0]


# -- who moves it ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("device", [False, True])
@pytest.mark.parametrize("fused", [False, True])
def test_an_update_that_amp_skips_does_not_count(fused: bool, device: bool) -> None:
    model = net()
    optimizer = torch.optim.Adam(two_groups(model), lr=0.1, fused=fused)
    scheduler = Scheduler(optimizer, STAIRS, advance="optimizer", device=device)
    scaler = torch.amp.GradScaler("cpu", init_scale=2.0)
    for batch in range(10):
        scaler.scale(model(torch.ones(2, 3)).square().mean() * (float("inf") if batch in (0, 4, 5) else 1)).backward()
        scaler.step(optimizer)
        scaler.update()
        optimizer.zero_grad()
    assert scheduler.last_epoch == 7
    assert scheduler.get_last_lr() == pytest.approx([0.1, 0.05])


@pytest.mark.parametrize("fused", [False, True])
def test_by_hand_under_amp_nothing_is_said_of_skipped_updates(fused: bool) -> None:
    model = net()
    optimizer = torch.optim.Adam(two_groups(model), lr=0.1, fused=fused)
    scheduler = Scheduler(optimizer, STAIRS)
    scaler = torch.amp.GradScaler("cpu", init_scale=2.0)
    for batch in range(9):
        scaler.scale(model(torch.ones(2, 3)).square().mean() * (float("inf") if batch == 0 else 1)).backward()
        scaler.step(optimizer)
        scaler.update()
        scheduler.step()  # warnings are errors here
        optimizer.zero_grad()


def test_the_schedulers_of_a_gan_move_with_their_own_optimizers() -> None:
    models = net(), net()
    optimizers = [torch.optim.Adam(model.parameters(), lr=0.1) for model in models]
    schedulers = [Scheduler(optimizer, STAIRS, advance="optimizer") for optimizer in optimizers]
    for batch in range(10):
        backward(models[0])
        optimizers[0].step()
        if batch % 5 == 0:
            backward(models[1])
            optimizers[1].step()
    assert [scheduler.last_epoch for scheduler in schedulers] == [10, 2]


@pytest.mark.parametrize(
    ("loop", "words"),
    [
        ("order", r"step\(\) was called before optimizer.step\(\)"),
        ("many", r"the last \d+ calls of step\(\) came with \d+ updates"),
        ("none after a resume", r"step\(\) has been called 8 times, and the optimizer has made no update"),
        (
            "many of a run",
            r"step\(\) has been called 14 times, and the run has 11 epochs\. Call it once for every epoch",
        ),
        ("few of a run", r"the run counts optimizer steps, and the optimizer made 40 of them with 2 calls of step\(\)"),
        ("never", r"the optimizer has made 51 updates and scheduler.step\(\) was not called once"),
    ],
)
def test_a_wrong_loop_is_said_once_and_clearly(loop: str, words: str) -> None:
    def run(guard: bool) -> None:
        model = net()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        per = "epoch" if loop == "many of a run" else "step"
        run = gs.Run(epochs=11, steps_per_epoch=20, per=per)
        scheduler = Scheduler(optimizer, gs.CosineDecay("100%"), run=run, guard=guard)
        if loop == "none after a resume":
            scheduler.load_state_dict(scheduler.state_dict())
        for i in range(200):
            if (
                loop in ("never", "many of a run", "few of a run")
                or (loop == "many" and i % 4 == 0)
                or (loop == "order" and i)
            ):
                optimizer.step()
            if loop != "never" and (loop != "few of a run" or i % 20 == 19):
                scheduler.step()

    with pytest.warns(UserWarning, match=words) as said:
        run(guard=True)
    assert len(said) == 1
    assert said[0].filename == __file__
    run(guard=False)


def test_a_scheduler_stepped_once_an_epoch_gives_no_reason_to_warn() -> None:
    model = net()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    scheduler = Scheduler(optimizer, gs.CosineDecay("100%"), run=gs.Run(epochs=9, steps_per_epoch=60, per="epoch"))
    for _ in range(4):
        for _ in range(60):
            optimizer.step()
        scheduler.step()


# -- what a metric decides ---------------------------------------------------------------------------------------------


def test_a_plateau_multiplies_warmup_and_schedule() -> None:
    optimizer = torch.optim.SGD(two_groups(net()), lr=0.1, weight_decay=0.3)
    plateau = gs.Plateau(mode="max", patience=1, factor=0.5, cooldown=1, min_factor=0.2)
    scheduler = Scheduler(optimizer, {"lr": FALL, "weight_decay": FALL}, plateau=plateau)
    metrics = [-5.0, -4.0, -4.0, -4.5, -4.5, -4.5, -4.5, -4.5, -4.5, -4.5, -4.5]
    factors = [1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.2, 0.2]  # after each metric
    for t, (metric, factor) in enumerate(zip(metrics, factors, strict=True), start=1):
        optimizer.step()
        scheduler.step(metric)
        assert scheduler.get_last_lr() == pytest.approx([0.2 * FALL(t) * factor, 0.1 * FALL(t) * factor], rel=1e-12)
        assert optimizer.param_groups[0]["weight_decay"] == pytest.approx(0.3 * FALL(t))
        assert scheduler.values()["plateau"] == pytest.approx(factor)
    assert [(each["step"], each["from"], each["to"]) for each in scheduler.history] == [
        (3, 1.0, 0.5),
        (6, 0.5, 0.25),
        (9, 0.25, 0.2),
    ]
    assert scheduler.history[0]["reason"] == "-4.5: no better than -4 for 2 metrics in a row"


def test_a_metric_is_observed_between_the_steps() -> None:
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=1.0)
    scheduler = Scheduler(optimizer, gs.LinearDecay(10), plateau=gs.Plateau(patience=0, factor=0.5))
    for _ in range(2):
        for _ in range(2):
            optimizer.step()
            scheduler.step()
        scheduler.observe(torch.tensor(1.0))
    assert scheduler.last_epoch == 4
    assert optimizer.param_groups[0]["lr"] == pytest.approx(0.6 * 0.5)
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=1.0)
    itself = Scheduler(optimizer, gs.Constant(), plateau=gs.Plateau(patience=0, factor=0.5), advance="optimizer")
    optimizer.step()
    itself.step(1.0)
    itself.step(1.0)
    assert itself.last_epoch == 1
    assert optimizer.param_groups[0]["lr"] == 0.5


@pytest.mark.parametrize(
    "metric",
    [None, "0.5", b"1", True, object(), [1, 2], 1j, 10**400, torch.ones(2), torch.tensor(1j)],
    ids=["None", "text", "bytes", "True", "object", "list", "complex", "huge", "vector", "complex tensor"],
)
def test_what_is_no_metric_is_refused(metric: Any) -> None:
    scheduler = Scheduler(torch.optim.SGD(net().parameters(), lr=0.1), FALL, plateau=gs.Plateau())
    before = scheduler.state_dict()
    with pytest.raises(gs.ScheduleError, match="`metric` must be a number, got"):
        scheduler.observe(metric)
    assert scheduler.state_dict() == before


def test_a_metric_that_is_no_number_does_what_the_plateau_says() -> None:
    def fed(on_nan: str) -> Scheduler:
        optimizer = torch.optim.SGD(net().parameters(), lr=0.1)
        scheduler = Scheduler(optimizer, FALL, plateau=gs.Plateau(patience=0, factor=0.5, on_nan=on_nan))
        for metric in (1.0, float("nan"), float("nan")):
            scheduler.observe(metric)
        return scheduler

    with pytest.warns(UserWarning, match="the metric is NaN, which counts as no better") as said:
        assert fed("bad").values()["plateau"] == 0.25
    assert len(said) == 1
    assert fed("ignore").values()["plateau"] == 1.0
    with pytest.raises(gs.ScheduleError, match="the metric must be a number, got nan"):
        fed("raise")


def test_the_best_weights_come_back_when_the_lr_is_cut() -> None:
    model = net()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    best: dict[str, Any] = {}
    calls: list[str] = []

    def save() -> None:
        calls.append("save")
        best.update(copy.deepcopy({"model": model.state_dict(), "optimizer": optimizer.state_dict()}))

    def restore() -> None:
        calls.append("restore")
        model.load_state_dict(best["model"])
        optimizer.load_state_dict(best["optimizer"])

    scheduler = Scheduler(
        optimizer,
        gs.Constant(),
        plateau=gs.Plateau(patience=1, factor=0.5, min_factor=0.5),
        save_best=save,
        restore_best=restore,
    )
    weights = []
    for metric in (2.0, 1.0, 3.0, 3.0, 3.0, 3.0):
        backward(model)
        optimizer.step()
        scheduler.step(metric)
        weights.append(model[0].weight.clone())  # type: ignore[index,operator]
    assert calls == ["save", "save", "restore"]  # at min_factor nothing is cut, so nothing is taken back
    assert torch.equal(weights[3], weights[1])
    assert not torch.equal(weights[2], weights[1])
    assert optimizer.param_groups[0]["lr"] == 0.05


# -- on the device -----------------------------------------------------------------------------------------------------

SHAPES = [
    FALL,
    STAIRS,
    gs.OneCycle(30),
    gs.StepDecay(7),
    gs.MultiStepDecay(range(1, 90), gamma=0.99),
    gs.CosineRestarts(10, 2),
    gs.WarmupStableDecay(40, 5, 10),
    gs.InverseSqrtDecay(8),
    gs.sequence([gs.LinearDecay(10, 0.5), gs.ExponentialDecay(0.9)], [10]),
    gs.Constant().cooldown(5, 6),
    gs.LinearDecay(8, 0.5).hold(0.1, 2, 5),
    gs.StepDecay(3).stretch(0.5).clip(low=0.01) * gs.PolynomialDecay(40, power=2.0),
]


@pytest.mark.parametrize("schedule", SHAPES, ids=lambda s: type(s).__name__)
def test_a_schedule_is_one_graph_and_never_compiled_again(schedule: gs.Schedule) -> None:
    schedule(torch.zeros(1))  # the first tensor of a process, and a long table, have something to set up
    torch._dynamo.reset()
    counters.clear()
    factor = torch.compile(lambda t: schedule(t), fullgraph=True, backend="aot_eager")
    for t in range(45):
        assert factor(torch.tensor([float(t)])).item() == pytest.approx(schedule(t), rel=1e-9, abs=1e-12)
    assert counters["stats"]["unique_graphs"] == 1


@pytest.mark.parametrize("schedule", SHAPES, ids=lambda s: type(s).__name__)
@pytest.mark.parametrize("groups", [1, 3])
def test_the_clock_on_the_device_gives_what_the_host_gives(schedule: gs.Schedule, groups: int) -> None:
    def build(device: bool) -> tuple[Any, Scheduler]:
        params = [{"params": [torch.nn.Parameter(torch.ones(2))], "lr": 0.1 * (i + 1)} for i in range(groups)]
        optimizer = torch.optim.AdamW(params, lr=0.1, weight_decay=0.3)
        given: Any = {"lr": schedule, "weight_decay": FALL, "betas[1]": [gs.Constant().warmup(9, 0.99)] * groups}
        return optimizer, Scheduler(optimizer, given, device=device)

    (there, on_device), (here, on_host) = build(True), build(False)
    held = [(group["lr"], group["weight_decay"], *group["betas"]) for group in there.param_groups]
    for t in range(45):
        a, b = on_device.values(), on_host.values()
        assert a.keys() == b.keys()
        for name in a:
            assert a[name] == pytest.approx(b[name], rel=1e-6, abs=1e-9)
        assert on_device.last_epoch == t
        on_device.step()
        here.step()
        on_host.step()
    for group, tensors in zip(there.param_groups, held, strict=True):
        now = (group["lr"], group["weight_decay"], *group["betas"])
        assert all(x is y for x, y in zip(now, tensors, strict=True))


DYNAMO = pytest.mark.filterwarnings("ignore:`torch.jit.script_method` is deprecated:DeprecationWarning")


@DYNAMO
@pytest.mark.parametrize("make", ["SGD", "Adam", "AdamW"])
def test_step_and_schedule_sit_in_one_graph_for_a_whole_run(make: str) -> None:
    """torch's own wrapper of ``step`` breaks the graph, so what it wraps is compiled, as torch's tests do."""
    torch._dynamo.reset()
    counters.clear()

    def build(device: bool) -> tuple[Any, Any, Scheduler]:
        model = net()
        optimizer = getattr(torch.optim, make)(two_groups(model), lr=0.1)
        given: dict[str, Any] = {"lr": FALL} if make == "SGD" else {"lr": FALL, "betas[0]": gs.LinearDecay(40, 0.9)}
        return model, optimizer, Scheduler(optimizer, given, device=device)

    model, optimizer, scheduler = build(True)
    other, eager, on_host = build(False)
    update = type(optimizer).step.__wrapped__.__wrapped__

    @torch.compile(fullgraph=True, backend="aot_eager")
    def step() -> None:
        update(optimizer)
        scheduler.step()

    for _ in range(45):
        backward(model)
        backward(other)
        with torch.no_grad():
            step()
        eager.step()
        on_host.step()
        a, b = scheduler.values(), on_host.values()
        assert list(a.values()) == pytest.approx(list(b.values()), rel=1e-6, abs=1e-9)
    assert counters["stats"]["unique_graphs"] == 1
    assert not counters["graph_break"]
    for p, q in zip(model.parameters(), other.parameters(), strict=True):
        assert torch.allclose(p, q, rtol=1e-4, atol=1e-6)


@DYNAMO
@pytest.mark.parametrize("advance", ["manual", "optimizer"])
@pytest.mark.parametrize("device", [False, True])
def test_a_compiled_step_with_tensors_is_compiled_once_for_a_whole_run(advance: str, device: bool) -> None:
    torch._dynamo.reset()
    counters.clear()
    model = net()
    groups = two_groups(model)
    for group in groups:
        group["lr"] = torch.tensor(0.1)
    optimizer = torch.optim.SGD(groups, lr=0.1)
    scheduler = Scheduler(optimizer, FALL, advance=advance, device=device)
    compiled = torch.compile(optimizer.step, backend="aot_eager")
    first = 0
    for t in range(30):
        assert scheduler.get_last_lr() == pytest.approx([0.1 * FALL(t)] * 2, rel=1e-6)
        backward(model)
        compiled()
        if advance == "manual":
            scheduler.step()
        if t == 2:
            first = counters["stats"]["unique_graphs"]
    assert counters["stats"]["unique_graphs"] == first


def test_a_plateau_and_a_cooldown_work_on_the_device() -> None:
    optimizer = torch.optim.SGD(two_groups(net()), lr=0.1)
    plateau = gs.Plateau(patience=0, factor=0.5)
    scheduler = Scheduler(optimizer, FALL, plateau=plateau, device=True, values={"t": Value(FALL, base=2.0)})
    for metric in (1.0, 1.0):
        scheduler.step(metric)
    assert scheduler.get_last_lr() == pytest.approx([0.2 * FALL(2) / 2, 0.1 * FALL(2) / 2])
    assert float(optimizer.param_groups[1]["lr"]) == pytest.approx(0.1 * FALL(2) / 2)
    assert scheduler.value("t") == 2.0 * FALL(2)
    scheduler.cooldown(2, shape="linear")
    scheduler.step()
    assert float(optimizer.param_groups[1]["lr"]) == pytest.approx(0.1 * FALL(2) / 4)
    assert scheduler.state_dict()["last_epoch"] == 3


def test_what_the_device_cannot_do_is_refused() -> None:
    optimizer = torch.optim.SGD(net().parameters(), lr=0.1)
    with pytest.raises(gs.ScheduleError, match="device=True must count steps"):
        Scheduler(optimizer, gs.Constant(), device=True, run=gs.Run(wall="1h"))
    with pytest.raises(gs.ScheduleError, match="device=True must do without `call`"):
        Scheduler(optimizer, gs.Constant(), device=True, values={"t": Value(FALL, call=print)})
    two = [torch.nn.Parameter(torch.ones(1)), torch.nn.Parameter(torch.ones(1, device="meta"))]
    with pytest.raises(
        gs.ScheduleError, match=r"the params must lie on one device for device=True, got \['cpu', 'meta'\]"
    ):
        Scheduler(torch.optim.SGD(two, lr=0.1), gs.Constant(), device=True)
    elsewhere = torch.optim.SGD(net().parameters(), lr=0.1)
    elsewhere.param_groups[0].update(lr=torch.tensor(0.1, device="meta"), initial_lr=0.1)
    with pytest.raises(gs.ScheduleError, match="`lr` of param group 0 must be a finite number"):
        Scheduler(elsewhere, gs.Constant(), device=True)


def test_a_checkpoint_with_numbers_goes_on_in_tensors() -> None:
    def build(device: bool) -> tuple[Any, Scheduler]:
        optimizer = torch.optim.SGD(two_groups(net()), lr=0.1)
        return optimizer, Scheduler(optimizer, FALL, device=device)

    optimizer, scheduler = build(False)
    for _ in range(3):
        optimizer.step()
        scheduler.step()
    for order in ((0, 1), (1, 0)):
        again, resumed = build(True)
        loads = [
            lambda again=again: again.load_state_dict(optimizer.state_dict()),
            lambda resumed=resumed: resumed.load_state_dict(scheduler.state_dict()),
        ]
        for i in order:
            loads[i]()
        assert isinstance(again.param_groups[0]["lr"], torch.Tensor)
        assert resumed.get_last_lr() == pytest.approx(scheduler.get_last_lr())
        resumed.step()
        assert float(again.param_groups[0]["lr"]) == pytest.approx(0.2 * FALL(4))


@pytest.mark.parametrize("device", [False, True])
def test_copies_and_pickles_go_on_by_themselves(device: bool) -> None:
    model = net()
    optimizer = torch.optim.SGD(two_groups(model), lr=0.1)
    scheduler = Scheduler(optimizer, {"lr": FALL}, advance="optimizer", device=device, plateau=gs.Plateau())
    for twin in (copy.deepcopy, lambda pair: pickle.loads(pickle.dumps(pair))):
        model2, optimizer2, scheduler2 = twin((model, optimizer, scheduler))  # type: ignore[no-untyped-call]
        for _ in range(3):
            backward(model2)
            optimizer2.step()
        assert (scheduler.last_epoch, scheduler2.last_epoch) == (0, 3)
        assert scheduler2.get_last_lr() == pytest.approx([0.2 * FALL(3), 0.1 * FALL(3)])
        assert float(optimizer2.param_groups[0]["lr"]) == pytest.approx(0.2 * FALL(3))
    assert float(optimizer.param_groups[0]["lr"]) == pytest.approx(0.2 * FALL(0))


def test_the_measurements_for_a_gpu_run_without_one(tmp_path: Any) -> None:
    script = Path(__file__).parent.parent / "benchmarks" / "gpu" / "steps.py"
    out = tmp_path / "steps.json"
    arguments = ["--device", "cpu", "--steps", "2", "--rounds", "1", "--out", str(out)]
    subprocess.run([sys.executable, "-W", "error", str(script), *arguments], check=True, capture_output=True)
    assert len(json.loads(out.read_text())["rows"]) == 9
    if not torch.cuda.is_available():
        without = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False)
        assert (without.returncode, without.stderr.count("\n")) == (2, 1)


def test_a_change_by_hand_in_the_middle_of_a_second_holds_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    hand = Hand(monkeypatch)
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=1.0)
    scheduler = Scheduler(optimizer, gs.Constant(), run=gs.Run(wall="100s"), advance="optimizer")
    hand.now += 3.5
    optimizer.step()
    scheduler.override(lr=0.25)
    assert optimizer.param_groups[0]["lr"] == 0.25


def test_the_same_numbers_in_steps_and_in_seconds_are_stretched(monkeypatch: pytest.MonkeyPatch) -> None:
    hand = Hand(monkeypatch)
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=1.0)
    scheduler = Scheduler(optimizer, gs.CosineDecay("100%"), run=gs.Run(wall="100s"), advance="optimizer")
    hand.now += 30
    optimizer.step()
    other = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=1.0)
    steps = Scheduler(other, gs.CosineDecay(100), run=gs.Run(steps=100), policy="stretch")
    steps.load_state_dict(scheduler.state_dict())
    assert steps.last_epoch == 30
    assert steps.state_dict()["elapsed"] is None


@pytest.mark.parametrize(
    ("run", "steps", "updates_per_step", "words"),
    [
        (gs.Run(steps=100), 104, 1, None),
        (gs.Run(steps=100), 106, 1, r"called 106 times, and the run has 100 steps"),
        (gs.Run(epochs=90), 3, 60, None),  # an epoch of unknown length
        (gs.Run(wall="1h"), 3, 60, None),
        (gs.Run(epochs=5, steps_per_epoch=100), 20, 12, None),  # a critic of a GAN, say
        (gs.Run(epochs=5, steps_per_epoch=20), 3, 20, r"optimizer made 40 of them with 2 calls"),
    ],
)
def test_the_guard_allows_for_what_is_no_mistake(
    run: Any, steps: int, updates_per_step: int, words: str | None
) -> None:
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=0.1)
    scheduler = Scheduler(optimizer, gs.CosineDecay("100%"), run=run)

    def loop() -> None:
        for _ in range(steps):
            for _ in range(updates_per_step):
                optimizer.step()
            scheduler.step()

    if words is None:
        loop()  # warnings are errors here
    else:
        with pytest.warns(UserWarning, match=words) as said:
            loop()
        assert len(said) == 1


def test_a_copy_made_before_the_first_step_notices_the_wrong_order() -> None:
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=0.1)
    _, scheduler = copy.deepcopy((optimizer, Scheduler(optimizer, FALL)))
    with pytest.warns(UserWarning, match="was called before optimizer.step"):
        scheduler.step()


def test_a_trainer_that_begins_by_setting_the_count_to_zero_is_told_nothing() -> None:
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=0.1, momentum=0.9)
    scheduler = Scheduler(optimizer, {"lr": FALL, "momentum": FALL})
    scheduler.last_epoch = 0  # warnings are errors here


def test_plateaus_at_their_edges() -> None:
    from glideslope.plateau import Progress

    def feed(plateau: gs.Plateau, *metrics: float) -> Progress:
        progress = Progress()
        for metric in metrics:
            progress = plateau.observe(progress, metric)
        return progress

    infinite, nan = float("inf"), float("nan")
    assert feed(gs.Plateau(mode="max"), infinite, 1.0).best == 1.0  # an infinite best is none
    assert feed(gs.Plateau(mode="min"), infinite).best is None
    assert feed(gs.Plateau(mode="min"), nan).best is None
    strict = gs.Plateau(threshold=0.5, threshold_mode="abs")
    assert feed(strict, 1.5, 1.0).best == 1.5  # better by just the threshold is no better
    assert feed(strict, 1.5, 0.75).best == 0.75
    ignored = feed(gs.Plateau(patience=0, on_nan="ignore"), 1.0, 1.0, nan)
    assert (ignored.reduce, ignored.factor) == (False, 0.1)


def test_the_last_word_of_a_hold_and_the_changes_before_a_cooldown() -> None:
    assert gs.Constant().hold(0.1, 5).horizon == 5
    assert gs.LinearDecay(20).stretch(0.5).hold(0.5, 16).horizon == 16
    assert gs.StepDecay(3).cooldown(10, 5).changes(0, 11) == (3, 6, 9)
    assert gs.StepDecay(3).cooldown(10, 5).changes(0, 12) is None
