"""Where control goes, and what a name is before anything is bound to it."""

NEXT, STOP = True, False
"""Whether control reaches the next statement."""

MISSING = object()
"""What stands for a name that is not bound."""
