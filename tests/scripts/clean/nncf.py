import torch
from nncf.torch import create_compressed_model

def train(model, nncf_config, optimizer, train_loader, epochs):
    compression_ctrl, model = create_compressed_model(model, nncf_config)
    scheduler = compression_ctrl.scheduler
    for epoch in range(epochs):
        compression_ctrl.scheduler.epoch_step()
        for x, y in train_loader:
            compression_ctrl.scheduler.step()
            optimizer.zero_grad()
            (model(x, y) + compression_ctrl.loss()).backward()
            optimizer.step()
