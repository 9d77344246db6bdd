"""Mistakes of a running program, under the codes of the rules; and explain, a live scheduler in words."""

import copy
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import torch

import glideslope as gs
from drop_ins import BAD_NEWS, BY_NAME, OURS, Setup, advance, build, lrs
from glideslope import lr_scheduler as ours
from glideslope.checks.catalogue import rules
from glideslope.lr_scheduler import explain
from glideslope.torch import Scheduler

ALL = gs.CosineDecay("100%")
BATCHES = gs.Run(epochs=10, steps_per_epoch=100)
Loop = Callable[[], Any]


def sgd(*lrs: float) -> torch.optim.Optimizer:
    return torch.optim.SGD([{"params": [torch.zeros(1)], "lr": lr} for lr in lrs or (0.1,)], lr=0.1)


def wrong_order() -> Any:
    scheduler = ours.StepLR(sgd(), 30)
    for _ in range(9):
        scheduler.step()
        scheduler.optimizer.step()
    return scheduler


def never_stepped() -> Any:
    scheduler = Scheduler(sgd(), ALL, run=gs.Run(epochs=10, steps_per_epoch=20))
    for _ in range(200):
        scheduler.optimizer.step()
    return scheduler


def epochs_stepped_per_batch() -> Any:
    scheduler = Scheduler(sgd(), ALL, run=gs.Run(epochs=10, steps_per_epoch=20, per="epoch"))
    for _ in range(200):
        scheduler.optimizer.step()
        scheduler.step()
    return scheduler


def batches_stepped_per_epoch() -> Any:
    scheduler = Scheduler(sgd(), ALL, run=gs.Run(epochs=10, steps_per_epoch=20))
    for t in range(200):
        scheduler.optimizer.step()
        if t % 20 == 19:
            scheduler.step()
    return scheduler


def past_the_run() -> Any:
    scheduler = Scheduler(sgd(), ALL, run=gs.Run(steps=100))
    for _ in range(200):
        scheduler.optimizer.step()
        scheduler.step()
    return scheduler


def past_the_cycle() -> Any:
    scheduler = ours.OneCycleLR(sgd(), 0.5, total_steps=10)
    for _ in range(30):
        scheduler.optimizer.step()
        scheduler.step()
    return scheduler


def metric_as_epoch() -> Any:
    scheduler = ours.StepLR(sgd(), 30)
    for loss in (0.5, 0.4, 0.3):
        scheduler.optimizer.step()
        scheduler.step(torch.tensor(loss))  # type: ignore[arg-type]
    return scheduler


def metric_for_nobody() -> Any:
    scheduler = Scheduler(sgd(), gs.StepDecay(30))
    for loss in (0.5, 0.4, 0.3):
        scheduler.optimizer.step()
        scheduler.step(loss)
    return scheduler


def resumed_without_its_state() -> Any:
    old = Scheduler(sgd(), gs.StepDecay(3))
    for _ in range(5):
        old.optimizer.step()
        old.step()
    scheduler = Scheduler(sgd(), gs.StepDecay(3))
    scheduler.optimizer.load_state_dict(old.optimizer.state_dict())
    for _ in range(5):
        scheduler.optimizer.step()
        scheduler.step()
    return scheduler


def every_micro_batch() -> Any:
    scheduler = ours.StepLR(sgd(), 30)
    for t in range(200):
        if t % 4 == 0:
            scheduler.optimizer.step()
        scheduler.step()
    return scheduler


def another_step() -> Any:
    scheduler = ours.StepLR(sgd(), 30)
    scheduler.optimizer.step = lambda closure=None: None  # type: ignore[method-assign]
    for _ in range(9):
        scheduler.optimizer.step()
        scheduler.step()
    return scheduler


def the_wrong_optimizer() -> Any:
    scheduler = Scheduler(sgd(), gs.StepDecay(30))
    scheduler.load_state_dict(scheduler.state_dict())  # the order of a run that goes on is not looked at
    for _ in range(90):
        scheduler.step()
    return scheduler


def a_second_phase() -> Any:
    optimizer = sgd()
    first = ours.StepLR(optimizer, 2)
    for _ in range(4):
        optimizer.step()
        first.step()
    return ours.StepLR(optimizer, 30)


def set_by_hand() -> Any:
    scheduler = Scheduler(sgd(), gs.StepDecay(30))
    for _ in range(4):
        scheduler.optimizer.step()
        scheduler.optimizer.param_groups[0]["lr"] = 0.7
        scheduler.step()
    return scheduler


def plan() -> Any:
    return Scheduler(sgd(0.1, 0.2), gs.MultiStepDecay([30, 100]), run=gs.Run(epochs=50))


def a_long_epoch_schedule() -> Any:
    scheduler = Scheduler(sgd(), gs.StepDecay(30), run=gs.Run(epochs=40, steps_per_epoch=10, per="epoch"))
    for _ in range(50):
        for _ in range(10):
            scheduler.optimizer.step()
        scheduler.step()
    return scheduler


def long_epochs() -> Any:
    scheduler = Scheduler(sgd(), ALL, run=BATCHES)
    for _ in range(3):
        for _ in range(100):
            scheduler.optimizer.step()
        scheduler.step()
    return scheduler


WRONG: list[tuple[str, str, Loop]] = [
    ("GS201", "step() was called before optimizer.step()", wrong_order),
    ("GS202", "the optimizer has made 51 updates and scheduler.step() was not called once", never_stepped),
    ("GS203", "step() has been called 13 times, and the run has 10 epochs.", epochs_stepped_per_batch),
    ("GS204", "the optimizer made 40 of them with 2 calls of step()", batches_stepped_per_epoch),
    ("GS207", "step() has been called 106 times, and the run has 100 steps.", past_the_run),
    ("GS204", "the optimizer made 200 of them with 2 calls of step()", long_epochs),
    ("GS207", "step() has been called 43 times, and the run has 40 epochs.", a_long_epoch_schedule),
    ("GS207", "this is step 11 of a cycle of total_steps=10", past_the_cycle),
    ("GS209", "step(0.5) goes to that epoch", metric_as_epoch),
    ("GS209", "it has no plateau to follow it", metric_for_nobody),
    ("GS215", "was made at lr 0.01, in the middle of a run, but this scheduler was not", resumed_without_its_state),
    ("GS216", "the schedule runs about 4 times as fast as the training", every_micro_batch),
    ("GS301", "`optimizer.step()` has been overridden", another_step),
    ("GS302", "and the optimizer has made no update", the_wrong_optimizer),
    ("GS303", "StepLR has driven this optimizer before", a_second_phase),
    ("GS304", "the `lr` of param group 0 was set to 0.7 by something else", set_by_hand),
    ("GS101", "milestone 100 is never reached: the run ends at epoch 50", plan),
]
NAMES = {rule.code: rule.name for rule in rules()}


@contextmanager
def recorded() -> Iterator[list[warnings.WarningMessage]]:
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        yield said


@pytest.mark.parametrize(("code", "words", "loop"), [pytest.param(*row, id=row[2].__name__) for row in WRONG])
def test_a_mistake_is_said_once_under_its_code_and_explained(code: str, words: str, loop: Loop) -> None:
    with recorded() as said:
        scheduler = loop()
    assert [str(each.message).startswith(f"{code} {NAMES[code]}: ") for each in said] == [True], said
    assert words in str(said[0].message)
    assert said[0].filename == __file__
    explanation = explain(scheduler)
    assert [each.code for each in explanation.wrong] == [code]
    assert f"  wrong  {said[0].message}" in str(explanation).splitlines()


def test_every_rule_for_running_programs_has_a_program_here() -> None:
    assert {code for code in NAMES if code.startswith("GS3")} <= {code for code, _, _ in WRONG}


def test_an_epoch_argument_is_told_in_torchs_words_and_explained_under_its_code() -> None:
    scheduler = ours.StepLR(sgd(), 30)
    scheduler.optimizer.step()
    with pytest.warns(UserWarning, match="^The epoch parameter in `scheduler.step") as said:
        scheduler.step(1)
        scheduler.step(2)
        scheduler.step(2.5)  # on from 2: no metric
    assert len(said) == 3
    assert [each.code for each in explain(scheduler).wrong] == ["GS211"]


def test_updates_that_a_gradient_scaler_skips_for_long_are_no_missing_updates() -> None:
    model = torch.nn.Linear(32, 8)
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-6)
    scheduler = ours.CosineAnnealingLR(optimizer, 200)
    scaler = torch.amp.GradScaler("cpu")
    for _ in range(40):
        optimizer.zero_grad()
        loss = (model(torch.ones(64, 32)).half() * 200).square().sum()  # float16 ends at 65504
        scaler.scale(loss.float()).backward()
        scaler.step(optimizer)
        scaler.update()
        scheduler.step()
    assert scaler.get_scale() < 2.0**8


def test_a_plateau_without_a_metric_names_the_rule() -> None:
    with pytest.raises(gs.ScheduleError, match="see `glideslope rules GS208`"):
        ours.ReduceLROnPlateau(sgd()).step()


def test_without_the_guard_a_plan_is_not_checked_and_explain_checks_it() -> None:
    scheduler = Scheduler(sgd(), gs.MultiStepDecay([30, 100]), run=gs.Run(epochs=50), guard=False)
    assert [each.code for each in explain(scheduler).wrong] == ["GS101"]


def test_only_the_schedules_of_the_lr_are_plans() -> None:
    Scheduler(sgd(), {"lr": ALL, "weight_decay": gs.PiecewiseLinear([(0, 1.0), (5, 10.0)])}, run=BATCHES)


def test_a_code_can_be_silenced_by_a_filter() -> None:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="GS201")
        wrong_order()


# -- explain -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", BY_NAME)
@pytest.mark.parametrize("steps", [0, 1, 5])
def test_what_explain_says_comes_next_is_what_comes_and_asking_changes_nothing(name: str, steps: int) -> None:
    optimizer = Setup("SGD", (0.1, 0.5)).optimizer()
    scheduler: Any = build(OURS, optimizer, name, BY_NAME[name].example)

    def go_to(step: int) -> None:
        while scheduler.last_epoch < step:
            optimizer.step()
            advance(scheduler, scheduler.last_epoch, BAD_NEWS)

    go_to(steps)
    before = copy.deepcopy((scheduler.state_dict(), optimizer.state_dict()))
    explanation = explain(scheduler)
    assert repr((scheduler.state_dict(), optimizer.state_dict())) == repr(before)
    assert explanation.name == name
    assert (explanation.step, explanation.updates) == (scheduler.last_epoch, steps)
    assert {i: course.lr for course in explanation.courses for i in course.groups} == dict(enumerate(lrs(optimizer)))
    told = sorted({(step, i, lr) for course in explanation.courses for i in course.groups for step, lr in course.next})
    if name not in ("LambdaLR", "MultiplicativeLR", "ReduceLROnPlateau") and steps == 0:
        assert told
    for step, i, lr in [each for each in told if each[0] < 200]:
        go_to(step)
        assert lrs(optimizer)[i] == pytest.approx(lr, abs=1e-9)


def test_explain_knows_what_a_scheduler_has_been_through() -> None:
    optimizer = sgd(0.1, 0.5)
    scheduler = Scheduler(
        optimizer,
        gs.MultiStepDecay([10, 40], gamma=0.5),
        run=gs.Run(steps=50),
        plateau=gs.Plateau(patience=1, factor=0.1),
        added="restart",
    )
    for _ in range(4):
        optimizer.step()
        scheduler.step(1.0)
    optimizer.add_param_group({"params": [torch.zeros(1)], "lr": 1.0})
    for _ in range(2):
        optimizer.step()
        scheduler.step()
    scheduler.cooldown(4, to=0.0, shape="linear")
    scheduler.undo()
    explanation = explain(scheduler)
    assert str(explanation) == (
        "Scheduler at step 6, after 6 updates of the optimizer\n"
        "  lr     0.01 = 0.01 * MultiStepDecay([10, 40], gamma=0.5) (param group 0)\n"
        "  next   0.005 at step 10, 0.0025 at step 40\n"
        "  lr     0.05 = 0.05 * MultiStepDecay([10, 40], gamma=0.5) (param group 1)\n"
        "  next   0.025 at step 10, 0.0125 at step 40\n"
        "  lr     0.1 = 0.1 * MultiStepDecay([10, 40], gamma=0.5) (param group 2)\n"
        "  next   0.05 at step 14, 0.025 at step 44\n"
        "  note   a plateau waits: best metric 1, 1 metric in a row no better; at 2 the lr is reduced\n"
        "  note   plateau at step 2 (metric 1: no better than 1 for 2 metrics in a row)\n"
        "  note   cooldown at step 6\n"
        "  note   undo at step 6\n"
        "  wrong  nothing that was seen"
    )


def test_explain_says_where_another_hand_was_at_work() -> None:
    scheduler = ours.StepLR(sgd(), 30)
    scheduler.optimizer.param_groups[0]["lr"] = 0.03
    assert "  note   something else has changed the lr of group 0: it would be 0.1" in str(explain(scheduler))


def test_a_run_can_be_given_and_ends_what_is_told() -> None:
    scheduler = ours.ExponentialLR(sgd(), 0.5)
    with recorded() as said:
        explanation = explain(scheduler, gs.Run(epochs=40))
    assert not said
    assert explanation.courses[0].next == ((1, 0.05), (39, 0.1 * 0.5**39))
    assert [each.code for each in explanation.wrong] == ["GS103"]
    assert str(explanation).startswith("ExponentialLR at epoch 0, after 0 updates of the optimizer\n")


def test_what_has_no_formula_says_so() -> None:
    assert "  lr     0.1, by a function\n" in str(explain(ours.LambdaLR(sgd(), lambda t: 1.0)))
    assert "  lr     0.1, by a metric\n" in str(explain(ours.ReduceLROnPlateau(sgd())))
    assert "  lr     0.1, not scheduled\n" in str(explain(Scheduler(sgd(), {"momentum": gs.LinearDecay(3, 0.5)})))


def test_explain_refuses_what_it_cannot_read() -> None:
    with pytest.raises(gs.ScheduleError, match=r"must be a scheduler of glideslope.* from_torch\(scheduler\)"):
        explain(torch.optim.lr_scheduler.StepLR(sgd(), 30))
    with pytest.raises(gs.ScheduleError, match="explain: `scheduler` must be a scheduler of glideslope, got 3"):
        explain(3)
    with pytest.raises(gs.ScheduleError, match="explain: `run` must be a glideslope.Run"):
        explain(ours.StepLR(sgd(), 30), 90)  # type: ignore[arg-type]
