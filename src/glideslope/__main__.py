"""``python -m glideslope``: the command line."""

from .cli import main

if __name__ == "__main__":  # a worker process imports this file, too
    main()
