import torch

def main(teacher, student, loader):
    t_opt = torch.optim.SGD(teacher.parameters(), 0.1)
    t_sched = torch.optim.lr_scheduler.CosineAnnealingLR(t_opt, 100)
    s_opt = torch.optim.SGD(student.parameters(), 0.1)
    s_sched = torch.optim.lr_scheduler.CosineAnnealingLR(s_opt, 60)
    for epoch in range(100):
        for x, y in loader:
            t_opt.zero_grad()
            teacher(x, y).backward()
            t_opt.step()
        t_sched.step()
    for epoch in range(60):
        for x, y in loader:
            s_opt.zero_grad()
            student(x, y, teacher).backward()
            s_opt.step()
        s_sched.step()
