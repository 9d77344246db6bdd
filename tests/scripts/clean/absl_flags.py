from absl import app, flags
import torch
FLAGS = flags.FLAGS
flags.DEFINE_integer("epochs", 5, "")
flags.DEFINE_integer("step_size", 30, "")

def main(_):
    model, loader = build()
    opt = torch.optim.SGD(model.parameters(), 0.1)
    sched = torch.optim.lr_scheduler.StepLR(opt, FLAGS.step_size)
    for epoch in range(FLAGS.epochs):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()
app.run(main)
