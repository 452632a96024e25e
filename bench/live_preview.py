"""How long a saved word takes to reach an open page of `campaign preview --serve`.

    make bench-preview
    python bench/live_preview.py --edits 100 --seed 7

The shipped campaign is copied and served by a process of its own. A word is changed in each of
twenty different texts, in the calendar, in languages and in members' files, as editors save: the
whole file. The clock runs from before the save until a client is told (`event`), and until it has
the whole page that it had open (`page`). It waits a moment of chance before each save, since what
is saved is looked for twenty times a second. Texts that stand on cards have their cards drawn
within that time; they are counted apart, too. The last line of the output is JSON.
"""

from __future__ import annotations

import argparse
import http.client
import json
import math
import os
import random
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

CHECKOUT = Path(__file__).parents[1]
ON = "2026-11-20"
#: What a one-word edit should take at most, in milliseconds.
WANTED = 300
_OPEN = "/members/italy/day-07.html"
_TEXT = re.compile(r"^    text: (?:>-\n      )?(?P<words>\S.{20,})$", re.MULTILINE)
_ON_A_CARD = re.compile(r"headline: (?P<words>[^,{}\n]{12,})", re.MULTILINE)
_WORD = re.compile(r"(?<![\w#@])[^\W\d_]{4,}(?![\w:])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One word of a file in another form, at a place in it."""

    file: Path
    begin: int
    end: int
    word: str

    def save(self) -> str:
        """Gives what stood in the file before."""
        before = self.file.read_text("utf-8")
        self.file.write_text(before[: self.begin] + self.word + before[self.end :], "utf-8")
        return before


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Milliseconds from a save until the client was told, and until it had its page."""

    event: float
    page: float


def edits(folder: Path, pattern: re.Pattern[str], number: int, chance: random.Random) -> list[Edit]:
    """Different texts, each in one word; as many as there are, if these are fewer."""
    files = [folder / "campaign.yaml", *sorted(folder.glob("*/*.yaml"))]
    found = [edit for file in files for edit in _edits(file, pattern, chance)]
    return chance.sample(found, min(number, len(found)))


def _edits(file: Path, pattern: re.Pattern[str], chance: random.Random) -> Iterator[Edit]:
    text = file.read_text("utf-8")
    posts = text.find("\nposts:")
    for match in pattern.finditer(text, max(posts, 0)):
        begin = match.start("words")
        if words := list(_WORD.finditer(match["words"])):
            word = chance.choice(words)
            yield Edit(
                file=file,
                begin=begin + word.start(),
                end=begin + word.end(),
                word=_other(word[0], chance),
            )


def _other(word: str, chance: random.Random) -> str:
    """Of the same letters, so that every font has them, and of the same length."""
    inner = list(word[1:])
    chance.shuffle(inner)
    return word[0] + "".join(inner)


class Client:
    """A page that is open: hears of each save, and asks for its page then."""

    def __init__(self, address: str) -> None:
        place = urlsplit(address).netloc
        self._page = http.client.HTTPConnection(place, timeout=60)
        self._stream = http.client.HTTPConnection(place, timeout=60)
        self._stream.request("GET", f"/live/events?page={_OPEN}")
        self._told = self._stream.getresponse()
        self.heard()
        self.ask()

    def heard(self) -> None:
        """Until it is told of another save; cards of pages that are not open come after it."""
        for line in self._told:
            if line.startswith(b"data: ") and not json.loads(line[6:])["completed"]:
                return

    def ask(self) -> None:
        self._page.request("GET", _OPEN)
        self._page.getresponse().read()


@contextmanager
def served(folder: Path) -> Iterator[str]:
    words = ["-m", "scheduler", "preview", "--serve", "--port", "0", "--on", ON]
    process = subprocess.Popen(
        [sys.executable, *words], cwd=folder, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    )
    try:
        assert process.stderr is not None
        found = (re.search(r"Open (\S+) ", line) for line in process.stderr)
        yield next(match[1] for match in found if match)
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)


def measure(client: Client, wanted: Sequence[Edit], chance: random.Random) -> list[Taken]:
    taken = []
    for edit in wanted:
        time.sleep(0.2 + chance.random() * 0.2)
        begun = time.perf_counter()
        before = edit.save()
        client.heard()
        told = time.perf_counter()
        client.ask()
        shown = time.perf_counter()
        taken.append(Taken(event=(told - begun) * 1000, page=(shown - begun) * 1000))
        edit.file.write_text(before, "utf-8")
        client.heard()
    return taken


def told(kind: str, taken: Sequence[Taken]) -> dict[str, float]:
    """Median and 95th percentile of both, in milliseconds."""
    found = {}
    for what in ("event", "page"):
        all_of_it = sorted(getattr(one, what) for one in taken)
        late = all_of_it[math.ceil(len(all_of_it) * 0.95) - 1]
        found |= {
            f"{kind}_{what}_median_ms": round(statistics.median(all_of_it), 1),
            f"{kind}_{what}_p95_ms": round(late, 1),
        }
        print(
            f"{kind:8} save to {what}: median {statistics.median(all_of_it):.0f} ms, "
            f"p95 {late:.0f} ms, of {len(all_of_it)}",
            flush=True,
        )
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--edits", type=int, default=20)
    parser.add_argument("--seed", type=int, default=int(os.environ.get("SEED") or 16))
    asked = parser.parse_args()
    chance = random.Random(asked.seed)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for name in ("assets", "languages", "members"):
            shutil.copytree(CHECKOUT / name, folder / name)
        shutil.copyfile(CHECKOUT / "campaign.yaml", folder / "campaign.yaml")
        captions = edits(folder, _TEXT, asked.edits, chance)
        cards = edits(folder, _ON_A_CARD, asked.edits, chance)
        with served(folder) as address:
            client = Client(address)
            found = told("caption", measure(client, captions, chance))
            found |= told("card", measure(client, cards, chance))
    good = found["caption_event_p95_ms"] < WANTED
    print(json.dumps({"bench": "live-preview", "seed": asked.seed, **found, "good": good}))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
