import math
import torch
from accelerate import Accelerator
from transformers import get_linear_schedule_with_warmup

def main(model, train_dataloader):
    accelerator = Accelerator(gradient_accumulation_steps=4)
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-5)
    num_epochs = 3
    steps_per_epoch = math.ceil(len(train_dataloader) / 4)
    lr_scheduler = get_linear_schedule_with_warmup(optimizer, 100, num_epochs * steps_per_epoch)
    model, optimizer, train_dataloader, lr_scheduler = accelerator.prepare(
        model, optimizer, train_dataloader, lr_scheduler
    )
    for epoch in range(num_epochs):
        for batch in train_dataloader:
            with accelerator.accumulate(model):
                loss = model(**batch).loss
                accelerator.backward(loss)
                optimizer.step()
                lr_scheduler.step()
                optimizer.zero_grad()
