import deepspeed

def main(args, model, loader, params):
    engine, optimizer, _, lr_scheduler = deepspeed.initialize(args=args, model=model, model_parameters=params)
    for epoch in range(10):
        for step, batch in enumerate(loader):
            loss = engine(batch)
            engine.backward(loss)
            engine.step()
            print(lr_scheduler.get_lr()[0], engine.get_lr()[0])
