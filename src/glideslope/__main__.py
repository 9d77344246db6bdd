"""``python -m glideslope``: the command line."""

from .cli import main

main()
