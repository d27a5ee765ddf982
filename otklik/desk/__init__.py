"""The staff workplace: the queue, the incident card beside it, live updates."""
