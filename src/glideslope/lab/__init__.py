"""Real training: the same model on the same data under several schedules, and what each of them changed."""
