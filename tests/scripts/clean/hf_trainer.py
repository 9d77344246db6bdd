from transformers import Trainer, TrainingArguments, get_linear_schedule_with_warmup
import torch

def main(model, train_ds, eval_ds):
    args = TrainingArguments("out", num_train_epochs=3, per_device_train_batch_size=8)
    steps = len(train_ds) // 8 * 3
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-5)
    scheduler = get_linear_schedule_with_warmup(optimizer, int(0.1 * steps), steps)
    trainer = Trainer(model, args, train_dataset=train_ds, eval_dataset=eval_ds, optimizers=(optimizer, scheduler))
    trainer.train()
