"""Publishing under fire, in its parts.

`setting` is everything that a worker must know, as JSON; `workers` starts and kills them;
`settling` is the last worker, whom nobody kills; `outcomes` compares what the ledger says with what
the public saw.
"""
