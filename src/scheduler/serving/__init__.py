"""The preview as a local site that follows what is saved: for this machine, and nobody else.

`following` makes the pages anew after each save, `answering` says what each address is answered,
`listening` holds the connections. Nothing is written, and nothing is sent to anybody.
"""

from scheduler.serving.following import Following, Shown
from scheduler.serving.listening import Server

__all__ = ["Following", "Server", "Shown"]
