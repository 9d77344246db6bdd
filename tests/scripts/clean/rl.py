import torch
from torch.optim.lr_scheduler import LambdaLR

class PPO:
    def __init__(self, policy, total_updates):
        self.policy = policy
        self.optimizer = torch.optim.Adam(policy.parameters(), lr=3e-4, eps=1e-5)
        self.lr_scheduler = LambdaLR(self.optimizer, lambda u: 1 - u / total_updates)

    def update(self, rollouts):
        for _ in range(4):
            for batch in rollouts.minibatches(64):
                self.optimizer.zero_grad()
                self.policy.loss(batch).backward()
                self.optimizer.step()
        self.lr_scheduler.step()

def main(env, policy):
    agent = PPO(policy, 1000)
    for update in range(1000):
        agent.update(env.collect(policy))
