"""A process that draws: a line of JSON in, a line of JSON out, as `lines.mjs` does it.

It imports `scheduler.cards` and nothing else of ours, so that its first card is the first card of a
cold program, and its peak is that of a program that only draws.
"""

import json
import sys
from pathlib import Path
from typing import Any

from scheduler.cards import draw
from scheduler.model import Brand, Card, Colours, Size


def card(told: dict[str, Any]) -> Card:
    brand, size = told["brand"], told["size"]
    colours, logo = Colours(**brand.pop("colours")), Path(brand.pop("logo"))
    return Card(
        template="quote",
        texts=told["texts"],
        brand=Brand(colours=colours, logo=logo, **brand),
        size=Size(**size),
        language=told["language"],
    )


def peak() -> int:
    """Bytes of memory that this process has had at once, at the most.

    Not `ru_maxrss` where there is anything else: on Linux that begins with the parent's.
    """
    try:
        status = Path("/proc/self/status").read_text("ascii")
    except OSError:
        import resource  # noqa: PLC0415 (Windows has none)

        unit = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


if __name__ == "__main__":
    for line in sys.stdin:
        drawn = len(draw(card(json.loads(line))))
        print(json.dumps({"bytes": drawn, "peak": peak()}), flush=True)
