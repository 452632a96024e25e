"""Accounts on every platform that we publish to: the real adapters, and the sandbox's stand-ins.

`kinds` says which there are, what each platform can tell after an answer was lost, and what is said
there; `serving` is the stand-ins in a process of their own, on the clock of everybody, among
faults; `standing` starts it and asks what became public.

It is not the process of the five classes: those never see `scheduler`, and how late they are is
not to depend on stand-ins that check signatures, fetch pictures and answer in threads.
"""
