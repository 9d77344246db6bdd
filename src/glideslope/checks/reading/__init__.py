"""A training script is read, and never run: what happens to its optimizers and schedulers, and in which order."""
