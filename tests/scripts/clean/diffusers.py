import torch
from diffusers import DDPMScheduler
from diffusers.optimization import get_cosine_schedule_with_warmup

def main(model, train_dataloader, config):
    noise_scheduler = DDPMScheduler(num_train_timesteps=1000)
    optimizer = torch.optim.AdamW(model.parameters(), lr=config.learning_rate)
    lr_scheduler = get_cosine_schedule_with_warmup(
        optimizer=optimizer, num_warmup_steps=500, num_training_steps=len(train_dataloader) * config.num_epochs)
    for epoch in range(config.num_epochs):
        for batch in train_dataloader:
            noise = torch.randn_like(batch)
            t = torch.randint(0, 1000, (batch.shape[0],))
            loss = (model(noise_scheduler.add_noise(batch, noise, t), t) - noise).pow(2).mean()
            loss.backward()
            optimizer.step()
            lr_scheduler.step()
            optimizer.zero_grad()
