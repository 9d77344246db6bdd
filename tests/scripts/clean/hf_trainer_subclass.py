import torch
from transformers import Trainer, get_cosine_schedule_with_warmup

class MyTrainer(Trainer):
    def create_optimizer_and_scheduler(self, num_training_steps):
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=self.args.learning_rate)
        self.lr_scheduler = get_cosine_schedule_with_warmup(
            self.optimizer, int(0.1 * num_training_steps), num_training_steps)
