"""Draws the golden cards anew, and says which changed by how much.

.venv/bin/python tools/renew_golden.py           all of them
.venv/bin/python tools/renew_golden.py quote     those whose names begin so

Look at every one that is named, before it is committed: this is how a card is approved.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "cards"))

import golden_cards

from scheduler.cards import CardError


def main(beginnings: list[str]) -> int:
    failed = False
    for name, card in golden_cards.cards().items():
        if beginnings and not name.startswith(tuple(beginnings)):
            continue
        try:
            got = golden_cards.reduced(card)
        except CardError as error:
            sys.stdout.write(f"{name}: not drawn: {error.slot}: {error}\n")
            failed = True
            continue
        sys.stdout.write(_kept(name, got))
    if not beginnings:
        _tidy()
    return int(failed)


def _kept(name: str, got: golden_cards.Image.Image) -> str:
    """What has become of it, as a line."""
    file = golden_cards.golden(name)
    before = golden_cards.kept(name) if file.exists() else None
    old = file.read_bytes() if file.exists() else b""
    golden_cards.keep(name, got)
    for ending in (".got.png", ".difference.png"):
        file.with_suffix(ending).unlink(missing_ok=True)
    if before is None:
        return f"{name}: new\n"
    worst = golden_cards.distance(got, before)
    if worst > golden_cards.TOLERANCE:
        return f"{name}: changed by {worst}\n"
    return f"{name}: changed by {worst}, which is within the tolerance\n" * (
        file.read_bytes() != old
    )


def _tidy() -> None:
    """Golden cards of which nobody speaks any more, and what failed tests have left."""
    for file in golden_cards.GOLDEN.glob("*.png"):
        if file.stem not in golden_cards.cards():
            file.unlink()
            sys.stdout.write(f"{file.stem}: taken away\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
