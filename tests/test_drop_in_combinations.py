"""Combinations, momentum, groups and states of the drop-ins where several of them meet."""

import copy
import math
import pickle
import random
import warnings
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch.optim import lr_scheduler as them

import glideslope as gs
from glideslope import lr_scheduler as ours


def sgd(*lrs: float) -> torch.optim.SGD:
    groups = [{"params": [torch.nn.Parameter(torch.zeros(1))], "lr": lr} for lr in lrs or (0.1,)]
    return torch.optim.SGD(groups, lr=0.1, momentum=0.9)


def places(optimizer: torch.optim.Optimizer) -> list[tuple[float, float]]:
    return [(float(group["lr"]), group["momentum"]) for group in optimizer.param_groups]


def run(scheduler: Any, n: int, beside: tuple[Any, ...] = ()) -> list[list[tuple[float, float]]]:
    out = []
    for _ in range(n):
        out.append(places(scheduler.optimizer))
        scheduler.optimizer.step()
        for each in (*beside, scheduler):
            each.step()
    return out


def lrs(scheduler: Any, n: int, beside: tuple[Any, ...] = ()) -> list[float]:
    return [place[0][0] for place in run(scheduler, n, beside)]


def close(values: Any) -> Any:
    return [pytest.approx(each, rel=1e-9, abs=1e-18) for each in values]


def grow(optimizer: torch.optim.Optimizer, lr: float = 0.1) -> None:
    optimizer.add_param_group({"params": [torch.nn.Parameter(torch.zeros(1))], "lr": lr})


def test_a_chain_keeps_its_hands_off_a_scheduler_that_stands_beside_it() -> None:
    def together(m: Any) -> list[float]:
        optimizer = sgd()
        warmup = m.LinearLR(optimizer, 0.1, 1.0, 4)
        return lrs(m.ChainedScheduler([m.ExponentialLR(optimizer, 0.9)]), 8, (warmup,))

    assert together(ours) == close(together(them))
    assert together(ours)[0] == pytest.approx(0.01)


def test_a_chain_of_parts_that_have_begun_before_goes_on_from_where_each_is() -> None:
    optimizer = sgd()
    early = ours.StepLR(optimizer, 3, 0.5)
    lrs(early, 4)
    optimizer.param_groups[0]["lr"] = 0.1
    chain = ours.ChainedScheduler([early, ours.ExponentialLR(optimizer, 0.9)])
    assert chain.last_epoch == 4
    assert [chain.schedule(t) for t in (4, 6)] == close([0.5, 0.25 * 0.81])
    assert lrs(chain, 4) == close([0.1 * 0.5 ** ((4 + t) // 3) * 0.9**t for t in range(4)])
    twin_optimizer = sgd()
    twin = ours.ChainedScheduler([ours.StepLR(twin_optimizer, 3, 0.5), ours.ExponentialLR(twin_optimizer, 0.9)])
    twin.load_state_dict(copy.deepcopy(chain.state_dict()))
    assert lrs(twin, 6) == close(lrs(chain, 6))


FLOORED: dict[str, Callable[[Any], Any]] = {
    "a cosine with a floor": lambda o: ours.CosineAnnealingLR(o, 10, 0.01),
    "warm restarts with a floor": lambda o: ours.CosineAnnealingWarmRestarts(o, 4, eta_min=0.01),
    "OneCycleLR": lambda o: ours.OneCycleLR(o, 0.2, total_steps=20),
    "CyclicLR": lambda o: ours.CyclicLR(o, 0.01, 0.2, 3),
    "CyclicLR from 0": lambda o: ours.CyclicLR(o, 0.0, 0.2, 3),
    "SWALR": lambda o: ours.SWALR(o, 0.05, 5),
    "a sequence": lambda o: ours.SequentialLR(
        o, [ours.CosineAnnealingLR(o, 9, 0.01), ours.OneCycleLR(o, 0.2, 20)], [5]
    ),
}


@pytest.mark.parametrize("name", FLOORED)
def test_a_group_joins_a_chain_whose_parts_have_a_line_for_each_group(name: str) -> None:
    def make(optimizer: Any) -> Any:
        return ours.ChainedScheduler([FLOORED[name](optimizer), ours.ExponentialLR(optimizer, 0.9)])

    alone = run(make(sgd()), 12)
    optimizer = sgd()
    chain = make(optimizer)
    run(chain, 3)
    grow(optimizer)
    run(chain, 1)
    got = run(chain, 8)
    assert [each[0] for each in got] == [pytest.approx(each[0], rel=1e-9) for each in alone[4:]]
    known = 2 if name == "a sequence" else 0  # the cycle has not begun, so it has not seen the new group's momentum
    assert [each[1][0] for each in got] == [pytest.approx(each[0][0], rel=1e-9) for each in alone[4:]]
    assert [each[1] for each in got][known:] == [pytest.approx(each[0]) for each in alone[4 + known :]]
    assert len(chain.schedules) == 2


@pytest.mark.parametrize("name", FLOORED)
def test_in_a_chain_the_factor_is_that_of_the_part_alone_and_the_momentum_moves(name: str) -> None:
    alone = run(FLOORED[name](sgd()), 12)
    optimizer = sgd()
    chain = ours.ChainedScheduler([FLOORED[name](optimizer), ours.ExponentialLR(optimizer, 0.5)])
    peak = chain.base_lrs[0]
    values = [peak * chain.schedule(t) for t in range(12)]
    got = run(chain, 12)
    assert [each[0] for each in got] == [
        (pytest.approx(lr * 0.5**t, rel=1e-9), pytest.approx(momentum)) for t, ((lr, momentum),) in enumerate(alone)
    ]
    assert values == close([each[0][0] for each in got])


def test_a_group_that_joins_a_cycle_has_a_base_for_the_part_that_comes_after_it() -> None:
    optimizer = sgd()
    parts = [ours.OneCycleLR(optimizer, 0.2, total_steps=5), ours.StepLR(optimizer, 2)]
    scheduler = ours.SequentialLR(optimizer, parts, [5])
    run(scheduler, 2)
    grow(optimizer)
    run(scheduler, 1)
    first, second = places(optimizer)
    assert first == second
    run(scheduler, 2)
    assert [lr for lr, _ in places(optimizer)] == close([0.2 / 25, 0.1])
    assert len(scheduler.schedules) == 2


def test_a_group_taken_away_is_forgotten() -> None:
    for make in (lambda o: ours.OneCycleLR(o, 0.2, total_steps=20), lambda o: ours.StepLR(o, 1, 0.5)):
        optimizer = sgd(0.1, 0.1)
        scheduler = make(optimizer)
        run(scheduler, 3)
        del optimizer.param_groups[1]
        alone = make(sgd())
        run(alone, 3)
        assert run(scheduler, 4) == run(alone, 4)


def test_swalr_in_a_sequence_anneals_from_the_lr_in_force() -> None:
    def make(m: Any, swa: Any, o: Any) -> Any:
        return m.SequentialLR(o, [m.ExponentialLR(o, 0.5), swa(o, 0.05, anneal_epochs=3)], [3])

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch's own
        expected = lrs(make(them, torch.optim.swa_utils.SWALR, sgd(1.0)), 9)
    assert lrs(make(ours, ours.SWALR, sgd(1.0)), 9) == close(expected)
    at_once = sgd(1.0)
    parts = [ours.ExponentialLR(at_once, 0.5), ours.SWALR(at_once, 0.05, anneal_epochs=0)]
    assert lrs(ours.SequentialLR(at_once, parts, [2]), 4) == close([1.0, 0.5, 0.05, 0.05])


def test_swalr_built_in_the_middle_of_a_run_is_no_reason_to_warn_and_holds_its_lr() -> None:
    optimizer = sgd()
    run(ours.CosineAnnealingLR(optimizer, 20), 10)
    scheduler = ours.SWALR(optimizer, 0.02, anneal_epochs=3)
    run(scheduler, 4)
    optimizer.param_groups[0]["lr"] = 0.5
    run(scheduler, 1)
    assert places(optimizer)[0][0] == 0.02
    optimizer.param_groups[0]["lr"] = 0.04
    assert ours.SWALR(optimizer, 0.02, anneal_epochs=3, last_epoch=1).optimizer.param_groups[0]["lr"] == 0.04


def test_parts_of_somebody_elses_class_begin_and_resume_in_our_sequence() -> None:
    class Halving(them.LRScheduler):
        def get_lr(self) -> list[float]:  # type: ignore[override]
            groups = self.optimizer.param_groups
            return [float(group["lr"]) * (0.5 if self.last_epoch else 1.0) for group in groups]

    def make(m: Any, first: bool) -> Any:
        optimizer = sgd()
        other = m.LinearLR(optimizer, 0.1, 1.0, 3)
        mine = Halving(optimizer)
        return m.SequentialLR(optimizer, [mine, other] if first else [other, mine], [3])

    for first in (True, False):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            expected = lrs(make(them, first), 7)
            scheduler = make(ours, first)
            assert lrs(scheduler, 4) == close(expected[:4])
            twin = make(ours, first)
            twin.load_state_dict(copy.deepcopy(scheduler.state_dict()))
            assert lrs(twin, 3) == close(expected[4:])


def test_the_momentum_of_a_cycle_comes_back_with_the_state() -> None:
    for make in (lambda o: ours.OneCycleLR(o, 0.2, total_steps=20), lambda o: ours.CyclicLR(o, 0.01, 0.2, 7)):
        first = make(sgd())
        run(first, 5)
        second = make(sgd())
        second.load_state_dict(first.state_dict())
        assert places(second.optimizer) == places(first.optimizer)
        assert run(second, 9) == run(first, 9)


def test_base_lrs_and_functions_that_are_set_on_the_live_object_are_followed() -> None:
    def decayed(m: Any, make: Callable[[Any, Any], Any]) -> list[float]:
        scheduler = make(m, sgd())
        lrs(scheduler, 3)
        scheduler.base_lrs[0] *= 0.5
        return lrs(scheduler, 4)[1:]

    for make in (
        lambda m, o: m.CosineAnnealingWarmRestarts(o, 3, eta_min=0.01),
        lambda m, o: m.LambdaLR(o, lambda t: 1 / (1 + t)),
        lambda m, o: m.CyclicLR(o, 0.01, 0.2, 3, cycle_momentum=False),
    ):
        assert decayed(ours, make) == close(decayed(them, make))
    scheduler = ours.LambdaLR(sgd(0.1, 0.1), lambda t: 1.0)
    scheduler.lr_lambdas[1] = lambda t: 0.5
    run(scheduler, 1)
    assert [lr for lr, _ in places(scheduler.optimizer)] == [0.1, 0.05]
    scheduler.lr_lambdas = [lambda t: 0.25, lambda t: 0.25]
    run(scheduler, 1)
    assert [lr for lr, _ in places(scheduler.optimizer)] == [0.025, 0.025]


def test_a_live_setting_that_is_refused_changes_nothing() -> None:
    scheduler = ours.OneCycleLR(sgd(), 0.2, total_steps=20, three_phase=True)
    before = scheduler.state_dict()
    with pytest.raises(gs.ScheduleError, match="at most 0.5 with three phases"):
        scheduler.pct_start = 0.9
    with pytest.raises(gs.ScheduleError, match="`max_lrs` must have one value for each of 1 param groups"):
        scheduler.max_lrs = [0.1, 0.2]
    assert scheduler.state_dict() == before


def test_attributes_of_a_subclass_are_kept_in_the_state_whatever_their_names() -> None:
    class Mine(ours.SequentialLR):
        _phase, note = 0, "x"

    class Quiet(ours.ReduceLROnPlateau):
        pass

    class Warm(ours.StepLR):
        def __init__(self, optimizer: Any, warm: int) -> None:
            self._warm = warm
            super().__init__(optimizer, 3)

    def sequence() -> Mine:
        optimizer = sgd()
        return Mine(optimizer, [ours.ConstantLR(optimizer), ours.StepLR(optimizer, 3)], [2])

    for make, name in ((sequence, "_phase"), (lambda: Quiet(sgd()), "_seen"), (lambda: Warm(sgd(), 1), "_warm")):
        first, second = make(), make()
        setattr(first, name, 7)
        setattr(second, name, 0)
        second.load_state_dict(first.state_dict())
        assert getattr(second, name) == 7


def test_a_plateau_in_a_chain_reduces_its_own_factor_also_while_another_part_is_at_zero() -> None:
    optimizer = sgd()
    plateau = ours.ReduceLROnPlateau(optimizer, factor=0.5, patience=0, min_lr=0.04)
    chain = ours.ChainedScheduler([ours.CosineAnnealingLR(optimizer, 2), plateau])
    for metric in (1.0, 2.0, 3.0, 4.0):
        optimizer.step()
        chain.step(metric)
    assert places(optimizer)[0][0] == pytest.approx(0.04)
    twin_optimizer = sgd()
    parts = [ours.CosineAnnealingLR(twin_optimizer, 2), ours.ReduceLROnPlateau(twin_optimizer, factor=0.5, patience=0)]
    twin = ours.ChainedScheduler(parts)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the checkpoint's arguments win
        twin.load_state_dict(copy.deepcopy(chain.state_dict()))
    for scheduler in (chain, twin):
        scheduler.optimizer.step()
        scheduler.step(0.5)
    assert places(twin_optimizer) == places(optimizer)
    with pytest.raises(gs.ScheduleError):
        plateau.step()
    assert plateau.last_epoch == 5


def test_a_plateau_begins_anew_where_a_sequence_comes_to_it() -> None:
    optimizer = sgd()
    plateau = ours.ReduceLROnPlateau(optimizer, factor=0.5, patience=0)
    for metric in (1.0, 2.0):
        plateau.step(metric)
    scheduler = ours.SequentialLR(optimizer, [ours.ConstantLR(optimizer, 0.5, 9), plateau], [2])
    for metric in (9.0, 9.0, 5.0):
        optimizer.step()
        scheduler.step(metric)
    assert places(optimizer)[0][0] == 0.1
    assert plateau.best == 5.0


# -- states ----------------------------------------------------------------------------------------------------------

MAKE: dict[str, Callable[[Any], Any]] = {
    **FLOORED,
    "StepLR": lambda o: ours.StepLR(o, 3),
    "MultiStepLR": lambda o: ours.MultiStepLR(o, [3, 5]),
    "MultiplicativeLR": lambda o: ours.MultiplicativeLR(o, lambda t: 0.9),
    "LambdaLR": lambda o: ours.LambdaLR(o, lambda t: 0.9),
    "ReduceLROnPlateau": lambda o: ours.ReduceLROnPlateau(o),
    "SequentialLR": lambda o: ours.SequentialLR(o, [ours.ConstantLR(o), ours.StepLR(o, 3)], [2]),
    "ChainedScheduler": lambda o: ours.ChainedScheduler([ours.ConstantLR(o), ours.StepLR(o, 3)]),
}
BAD = (None, "x", -1, 2.5, math.nan, 1e308, [], ["x"], [None], {}, {"a": 1}, True, torch.ones(2))


@pytest.mark.parametrize("name", MAKE)
def test_a_state_that_is_damaged_anywhere_is_refused_whole(name: str) -> None:
    whole = MAKE[name](sgd())
    for _ in range(4):
        whole.optimizer.step()
        whole.step(1.0) if name == "ReduceLROnPlateau" else whole.step()
    state = whole.state_dict()
    draw = random.Random(name)
    for key in state:
        for bad in ("gone", *draw.sample(BAD, 5)):
            broken = copy.deepcopy(state)
            if bad == "gone":
                del broken[key]
            else:
                broken[key] = bad
            scheduler = MAKE[name](sgd())
            before, where = scheduler.state_dict(), places(scheduler.optimizer)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                try:
                    scheduler.load_state_dict(broken)
                except gs.ScheduleError:
                    assert scheduler.state_dict() == before, (key, bad)
                    assert places(scheduler.optimizer) == where, (key, bad)


def test_a_damaged_part_leaves_all_parts_as_they_were() -> None:
    for make in (MAKE["SequentialLR"], MAKE["ChainedScheduler"]):
        whole, fresh = make(sgd()), make(sgd())
        lrs(whole, 4)
        state, before = copy.deepcopy(whole.state_dict()), fresh.state_dict()
        state["_schedulers"][1]["step_size"] = 0
        with pytest.raises(gs.ScheduleError, match="`step_size` must be"):
            fresh.load_state_dict(state)
        assert fresh.state_dict() == before


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_of_torchs_schedulers_move_over_in_any_order_once_the_optimizer_is_loaded(order: tuple[int, int]) -> None:
    def both(m: Any, optimizer: Any) -> list[Any]:
        return [m.LinearLR(optimizer, 0.1, 1.0, 9), m.StepLR(optimizer, 2, 0.5)]

    optimizer = sgd()
    old = both(them, optimizer)
    lrs(old[1], 3, (old[0],))
    states = [optimizer.state_dict(), *[each.state_dict() for each in old]]
    expected = lrs(old[1], 6, (old[0],))
    optimizer = sgd()
    new = both(ours, optimizer)
    optimizer.load_state_dict(states[0])
    for i in order:
        new[i].load_state_dict(states[1 + i])
    assert lrs(new[1], 6, (new[0],)) == close(expected)


@pytest.mark.parametrize("mode", ["triangular", "triangular2", "exp_range"])
def test_torchs_own_state_of_a_cycle_with_the_same_arguments_is_no_reason_to_warn(mode: str) -> None:
    arguments: dict[str, Any] = {"base_lr": 0.01, "max_lr": 0.1, "step_size_up": 3, "mode": mode, "gamma": 0.9}
    ours.CyclicLR(sgd(), **arguments).load_state_dict(them.CyclicLR(sgd(), **arguments).state_dict())
    draw = random.Random(1)
    for _ in range(30):
        cycle: dict[str, Any] = {
            "max_lr": draw.uniform(0.1, 1),
            "total_steps": draw.randint(10, 500),
            "pct_start": draw.choice([0.1, 0.25, 0.3, 0.7]),
            "div_factor": draw.uniform(2, 50),
        }
        ours.OneCycleLR(sgd(), **cycle).load_state_dict(them.OneCycleLR(sgd(), **cycle).state_dict())


def test_fractions_of_an_epoch_go_on_after_a_resume_of_warm_restarts() -> None:
    first = ours.CosineAnnealingWarmRestarts(sgd(), 3, 2, 0.01)
    first.step(4.25)
    second = ours.CosineAnnealingWarmRestarts(sgd(), 3, 2, 0.01)
    second.load_state_dict(first.state_dict())
    assert (second.T_cur, second.T_i, second.last_epoch) == (1.25, 6, 4)
    assert lrs(second, 5) == lrs(first, 5)
    theirs = them.CosineAnnealingWarmRestarts(sgd(), 3, 2, 0.01)
    theirs.step(4.25)
    third = ours.CosineAnnealingWarmRestarts(sgd(), 3, 2, 0.01)
    third.load_state_dict(theirs.state_dict())
    assert lrs(third, 5) == close(lrs(theirs, 5))


class Scale:
    def __init__(self, factor: float) -> None:
        self.factor = factor

    def __call__(self, x: float) -> float:
        return float(self.factor**x)


@pytest.mark.parametrize("scale_mode", ["cycle", "iterations"])
def test_a_scale_function_counts_cycles_from_one_or_steps_and_comes_back(scale_mode: str) -> None:
    def make(m: Any, factor: float) -> Any:
        return m.CyclicLR(sgd(), 0.01, 0.1, 2, 3, scale_fn=Scale(factor), scale_mode=scale_mode)

    expected = run(make(them, 0.9), 16)
    first = make(ours, 0.9)
    assert run(first, 6) == [close(each) for each in expected[:6]]
    second = make(ours, 0.3)
    second.load_state_dict(first.state_dict())
    assert run(second, 10) == [close(each) for each in expected[6:]]
    assert [ours.CyclicLR(sgd(), 0.01, 0.1, mode="triangular2").scale_fn(x) for x in (1, 3)] == [1.0, 0.25]


def test_multiplicative_lr_goes_back_in_time() -> None:
    scheduler = ours.MultiplicativeLR(sgd(), lambda t: 0.5 if t == 2 else 1.0)
    assert [scheduler._lrs_at(t)[0] for t in (5, 1, 3)] == [0.05, 0.1, 0.05]


# -- the guard -------------------------------------------------------------------------------------------------------


def test_going_to_an_epoch_or_resuming_or_copying_starts_no_warning() -> None:
    scheduler = ours.CosineAnnealingLR(sgd(), 300)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The epoch parameter")
        for _ in range(40):
            scheduler.optimizer.step()
            scheduler.step(100)
        lrs(scheduler, 40)
    fresh = ours.CosineAnnealingLR(sgd(), 300)
    fresh.load_state_dict(scheduler.state_dict())
    fresh.step()  # the update was made before the checkpoint was taken
    twin = pickle.loads(pickle.dumps(scheduler))
    twin.step()


def test_a_generator_that_is_updated_every_fifth_time_its_critic_is_gives_no_warning() -> None:
    generator, critic = sgd(), sgd()
    schedulers = [ours.CosineAnnealingLR(each, 300) for each in (generator, critic)]
    for t in range(200):
        critic.step()
        if t % 5 == 0:
            generator.step()
        for each in schedulers:
            each.step()


def test_building_and_loading_a_scheduler_again_in_one_process_gives_no_warning() -> None:
    optimizer = sgd()
    scheduler = ours.CosineAnnealingLR(optimizer, 20)
    lrs(scheduler, 5)
    saved = copy.deepcopy([optimizer.state_dict(), scheduler.state_dict()])
    lrs(scheduler, 5)
    optimizer.load_state_dict(saved[0])
    again = ours.CosineAnnealingLR(optimizer, 20)
    again.load_state_dict(saved[1])
    assert lrs(again, 3)[0] == saved[1]["_last_lr"][0]


class WithoutInit(torch.optim.Optimizer):
    """An optimizer class that keeps its own books, as some wrappers do: torch hooks none of its steps."""

    def __init__(self, inner: torch.optim.Optimizer, hooks: bool) -> None:
        self.inner, self.defaults, self.state = inner, inner.defaults, inner.state
        self.param_groups = inner.param_groups
        if hooks:
            from collections import OrderedDict

            self._optimizer_step_pre_hooks, self._optimizer_step_post_hooks = OrderedDict(), OrderedDict()

    def step(self, closure: Any = None) -> None:  # type: ignore[override]
        self.inner.step()


@pytest.mark.parametrize("hooks", [True, False])
def test_an_optimizer_whose_updates_cannot_be_counted_is_not_judged(hooks: bool) -> None:
    wrapper = WithoutInit(sgd(), hooks)
    assert lrs(ours.StepLR(wrapper, 2, 0.5), 5) == close([0.1, 0.1, 0.05, 0.05, 0.025])
    from glideslope.torch import Scheduler

    with pytest.raises(gs.ScheduleError, match='Take advance="manual"'):
        Scheduler(wrapper, gs.StepDecay(3), advance="optimizer")


def test_a_step_that_calls_the_step_of_its_parent_class_is_one_update() -> None:
    from glideslope.torch import Scheduler

    class Louder(torch.optim.SGD):
        def step(self, closure: Any = None) -> Any:  # type: ignore[override]
            return super().step(closure)

    torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))])  # torch wraps the step of both classes
    optimizer = Louder([torch.nn.Parameter(torch.zeros(1))], lr=0.1)
    scheduler = Scheduler(optimizer, gs.StepDecay(3), advance="optimizer")
    for _ in range(4):
        optimizer.step()
    assert scheduler.last_epoch == 4


def test_from_torch_that_is_refused_leaves_the_optimizer_alone() -> None:
    class Mine(them.StepLR):
        pass

    optimizer = sgd()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        old = them.SequentialLR(optimizer, [them.LinearLR(optimizer, 0.1, 1.0, 4), Mine(optimizer, 2)], [4])
        lrs(old, 6)
        before = copy.deepcopy(optimizer.state_dict())
        with pytest.raises(gs.ScheduleError, match=r"must be of one of torch's own classes"):
            ours.from_torch(old)
        assert optimizer.state_dict() == before
        optimizer = sgd()
        parts = [them.CyclicLR(optimizer, 0.01, 0.1, 3), them.OneCycleLR(optimizer, 0.0, total_steps=9)]
        assert ours.from_torch(them.SequentialLR(optimizer, parts, [4]))._schedulers[1].base_momentums == [0.85]


def test_a_cycle_says_whether_it_drives_beta1() -> None:
    for m in (ours, them):
        adam = torch.optim.Adam([torch.nn.Parameter(torch.zeros(1))])
        assert [m.CyclicLR(each, 0.01, 0.1).use_beta1 for each in (sgd(), adam)] == [False, True]


def test_the_module_exports_what_torchs_does() -> None:
    from torch.optim.lr_scheduler import _LRScheduler

    assert set(ours.__all__) == {
        *them.__all__,
        "SWALR",
        "EPOCH_DEPRECATION_WARNING",
        "explain",
        "from_torch",
        "to_torch",
    }
    assert isinstance(ours.StepLR(sgd(), 3), ours._LRScheduler)
    assert issubclass(_LRScheduler, ours._LRScheduler)
