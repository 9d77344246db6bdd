import torch

def main(policy, env):
    opt = torch.optim.Adam(policy.parameters(), 3e-4)
    sched = torch.optim.lr_scheduler.LinearLR(opt, 1.0, 0.0, total_iters=500)
    for update in range(500):
        batch = env.rollout(policy)
        for k in range(10):
            opt.zero_grad()
            loss, kl = policy.loss(batch)
            loss.backward()
            opt.step()
            if kl > 0.02:
                break
        sched.step()
