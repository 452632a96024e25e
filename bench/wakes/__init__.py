"""Who wakes the workers: three engines under one rule, each in a process of its own.

`ledger` is what all of them serve: a table of what is due, claimed in batches or one at a time. A
module for each engine knows four words: `install`, `each N` and `wakes N` (put in jobs, one at a
time), and `work` (a worker, until it is killed).
"""
