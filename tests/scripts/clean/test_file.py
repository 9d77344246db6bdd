import pytest
import torch

@pytest.mark.parametrize("gamma", [0.5, 0.1])
def test_step_lr_drops(gamma):
    w = torch.nn.Parameter(torch.zeros(1))
    opt = torch.optim.SGD([w], lr=1.0)
    sched = torch.optim.lr_scheduler.StepLR(opt, step_size=3, gamma=gamma)
    for _ in range(20):
        opt.step()
        sched.step()
    assert opt.param_groups[0]["lr"] == pytest.approx(gamma ** 6)

def test_warns_of_order():
    opt = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    sched = torch.optim.lr_scheduler.StepLR(opt, 3)
    assert sched.get_last_lr() == [1.0]
