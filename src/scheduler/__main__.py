"""`python -m scheduler` is `campaign`."""

from scheduler.cli import main

main()
