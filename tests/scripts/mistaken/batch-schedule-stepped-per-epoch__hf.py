# expect: 14
import torch
from transformers import get_linear_schedule_with_warmup
def main(model, train_dataloader):
    epochs = 4
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-5)
    total_steps = len(train_dataloader) * epochs
    scheduler = get_linear_schedule_with_warmup(optimizer, num_warmup_steps=0, num_training_steps=total_steps)
    for epoch_i in range(0, epochs):
        for step, batch in enumerate(train_dataloader):
            model.zero_grad()
            model(**batch).loss.backward()
            optimizer.step()
        scheduler.step()
