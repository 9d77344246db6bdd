import torch

def main(model, loader):
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    sched = torch.optim.lr_scheduler.StepLR(opt, 20, 0.5)
    try:
        for epoch in range(100):
            for x, y in loader:
                try:
                    opt.zero_grad()
                    model(x, y).backward()
                    opt.step()
                except RuntimeError as e:
                    if "out of memory" in str(e):
                        torch.cuda.empty_cache()
                        continue
                    raise
            sched.step()
    except KeyboardInterrupt:
        print("stopped")
    finally:
        torch.save(model.state_dict(), "m.pt")
