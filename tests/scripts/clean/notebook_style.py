import torch
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
lr_sched = torch.optim.lr_scheduler.ReduceLROnPlateau(opt, patience=5, factor=0.5)
train_losses = []
for epoch in range(50):
    for xb, yb in dl:
        opt.zero_grad()
        loss = loss_fn(net(xb), yb)
        loss.backward()
        opt.step()
    with torch.no_grad():
        vl = sum(loss_fn(net(xb), yb) for xb, yb in vdl) / len(vdl)
    lr_sched.step(vl)
    train_losses.append(loss.item())
