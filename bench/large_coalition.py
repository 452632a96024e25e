"""How long a coalition takes to be planned, beside as many posts written out in one file.

    python bench/large_coalition.py                    a thousand members, other ones each time
    python bench/large_coalition.py --members 10000    the full one: 160,000 posts, several minutes
    SEED=7 python bench/large_coalition.py             the same members again

The coalition is a calendar of sixteen posts, two languages and a file for each member. The one file
has as many accounts, and for each of its posts one that says as much at the same hour. Both ways
lead from the files on the disk to the plan, in turn, each time in a process of its own; medians.

The one file of the full bench has about 160 MB. The reader refuses what is larger than
`scheduler.calendar.reading.LARGEST`, 20 MB: the measuring processes raise it, for themselves alone.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from textwrap import wrap
from time import perf_counter
from typing import Any

from scheduler.calendar import read_calendar, reading
from scheduler.model import Coalition
from scheduler.planning import plan

MEMBERS = 1000
ROUNDS = 3
#: The coalition must be planned in less than this, times what the one file takes.
MOST = 1.5

DAYS = range(1, 17)
#: No member leaves out more than one of the sixteen, so that none says less than this.
LEAST_POSTS = 15
KINDS = ("quote", "statistic", "graphic", "call") * 4
ACCOUNTS = ("page", "news", "channel", "archive")
ZONES = (
    *("Europe/Berlin", "Europe/Athens", "Europe/London", "Europe/Lisbon", "Europe/Helsinki"),
    *("Europe/Belgrade", "Europe/Kyiv", "Atlantic/Reykjavik", "Atlantic/Azores", "Asia/Nicosia"),
    *("America/Toronto", "Asia/Kolkata"),
)
_WORDS = {
    "en": """
        safety survivor responsibility programme change listen believe women services support law
        men children community question answer friend town court accountable respect help door
        tomorrow street work home partner family neighbour standard quality risk prevention voice
    """,
    "de": """
        Sicherheit Verantwortung Überlebende Programm Veränderung zuhören glauben Frauen Recht Hilfe
        Männer Kinder Gemeinschaft Frage Antwort Freundin Stadt Gericht Respekt Tür Stimme Schule
        morgen Straße Arbeit Zuhause Familie Nachbarn Maßstab Qualität Gefahr Vorbeugung Schutz
    """,
    "el": """
        ασφάλεια ευθύνη επιζώσα πρόγραμμα αλλαγή ακούω πιστεύω γυναίκες υπηρεσίες στήριξη νόμος
        άνδρες παιδιά κοινότητα ερώτηση απάντηση φίλη πόλη δικαστήριο σεβασμός βοήθεια πόρτα φωνή
        αύριο δρόμος δουλειά σπίτι οικογένεια γείτονας ποιότητα κίνδυνος πρόληψη σχολείο
    """,
}
#: By language, of which the first is the calendar's own.
WORDS = {language: words.split() for language, words in _WORDS.items()}
CALENDAR_LANGUAGE, *OTHER_LANGUAGES = WORDS

Entry = dict[str, Any]


# ── what is said, and by whom ─────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A post without its words, of which it has as many wherever it is written."""

    id: str
    day: int
    #: One of KINDS.
    kind: str
    #: The quote or the fact, where it shows one.
    of: str
    text: int
    alt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    id: str
    zone: str
    language: str
    time: str
    account: str
    #: What its file says differently, by post.
    overrides: Mapping[str, Entry]
    own: tuple[Shape, ...]
    leaves_out: Entry
    #: What it says in the end, its own posts included.
    posts: tuple[Shape, ...]


class Writer:
    """Writes the same coalition, and the same one file, for the same seed."""

    def __init__(self, seed: int, members: int) -> None:
        self._random = random.Random(seed)
        self._source = Words(self._random)
        kinds = self._random.sample(KINDS, k=len(KINDS))
        self.shapes = tuple(self._shape(f"post-{day}", day, kinds[day - 1]) for day in DAYS)
        self.members = tuple(self._member(number) for number in range(members))

    @property
    def deliveries(self) -> int:
        return sum(len(member.posts) for member in self.members)

    def _shape(self, id_: str, day: int, kind: str) -> Shape:
        """As long as the posts of long_calendar.py."""
        return Shape(
            id=f"{id_}-{self._source.word()}",
            day=day,
            kind=kind,
            of=f"{kind}-{day}",
            text=self._random.randint(33, 43),
            alt=self._random.randint(25, 35),
        )

    def _member(self, number: int) -> Member:
        language = tuple(WORDS)[number % len(WORDS)]
        own = tuple(self._own(each) for each in range(self._random.choice((0, 0, 0, 1, 2))))
        gone = self._random.choice(self.shapes) if self._random.random() < 1 / 3 else None
        said = tuple(shape for shape in self.shapes if shape is not gone)
        return Member(
            id=f"{self._source.word()}-{number}",
            zone=self._random.choice(ZONES),
            language=language,
            time=self._source.hour(),
            account=self._random.choice(ACCOUNTS),
            overrides=self._overrides(said, language),
            own=own,
            leaves_out=self._leaves_out(gone),
            posts=(*said, *own),
        )

    def _own(self, number: int) -> Shape:
        """It shows nothing that the calendar would have to hold ready."""
        kind = self._random.choice(("graphic", "call"))
        return self._shape(f"own-{number}", self._random.choice(DAYS), kind)

    def _leaves_out(self, shape: Shape | None) -> Entry:
        if shape is None:
            return {}
        return self._random.choice(({"days": [str(shape.day)]}, {"posts": [shape.id]}))

    def _overrides(self, said: Sequence[Shape], language: str) -> Mapping[str, Entry]:
        changed = self._random.sample(said, k=self._random.choice((0, 0, 1, 2)))
        return {shape.id: self._override(shape, language) for shape in changed}

    def _override(self, shape: Shape, language: str) -> Entry:
        """Another hour, other words, or another kind of card."""
        texts = self._source.texts(shape, language)
        card = self._source.card("call", language)
        return self._random.choice(
            (
                {"time": self._source.hour()},
                {"text": texts["text"]},
                {"text": texts["text"], "alt": texts["alt"], "call": card},
            )
        )

    # ── the coalition ─────────────────────────────────────────────────────────────────────────────

    def coalition(self, folder: Path) -> Path:
        """Written into the folder; gives the calendar's file."""
        texts = Texts.of(self.shapes, self._source)
        file = folder / "campaign.yaml"
        _write(file, self._calendar(texts))
        (folder / "languages").mkdir()
        for language in OTHER_LANGUAGES:
            _write(folder / "languages" / f"{language}.yaml", texts.language(language))
        (folder / "members").mkdir()
        for member in self.members:
            _write(folder / "members" / f"{member.id}.yaml", self._file_of(member))
        return file

    def _calendar(self, texts: Texts) -> Entry:
        posts = {shape.id: {**_head(shape), **texts.posts[shape.id]} for shape in self.shapes}
        return {**self._top(texts), "posts": posts}

    def _top(self, texts: Texts) -> Entry:
        """What both files hold ready."""
        return {
            "campaign": {
                "id": f"bench-{self._source.word()}",
                "title": self._source.sentence(3),
                "first_day": "2026-11-25",
                "zone": "Europe/Berlin",
                "language": CALENDAR_LANGUAGE,
                "time": "09:00",
                "tags": ["#LargeCoalition"],
            },
            "brand": {"name": "A large coalition", "hashtag": "#LargeCoalition", **_COLOURS},
            "days": texts.days,
            "facts": {id_: {**_FACT, **fact} for id_, fact in texts.facts.items()},
            "quotes": {id_: {**_QUOTE, **quote} for id_, quote in texts.quotes.items()},
        }

    def _file_of(self, member: Member) -> Entry:
        spoken = {"zone": member.zone, "language": member.language, "time": member.time}
        own = {shape.id: self._post(shape, member.language) for shape in member.own}
        entry: Entry = {
            "member": {"id": member.id, "name": self._source.sentence(3)},
            "campaign": spoken,
            "accounts": {member.account: self._account(member)},
            "leaves_out": member.leaves_out,
            "posts": {**member.overrides, **own},
        }
        return {section: said for section, said in entry.items() if said}

    def _post(self, shape: Shape, language: str) -> Entry:
        return {**_head(shape), **self._source.texts(shape, language)}

    def _account(self, member: Member) -> Entry:
        return {
            "platform": "mastodon",
            "server": f"https://{member.id}.example",
            "token": {"env": f"TOKEN_{self._random.randrange(10**6)}"},
        }

    # ── the one file ──────────────────────────────────────────────────────────────────────────────

    def one_file(self, folder: Path) -> Path:
        """Written into the folder, post by post: this process must stay smaller than the others."""
        file = folder / "campaign.yaml"
        top = self._top(Texts.of(self.shapes, self._source))
        accounts = {member.id: self._account(member) for member in self.members}
        with file.open("w", encoding="utf-8") as out:
            out.writelines(_lines({**top, "accounts": accounts}))
            out.write("posts:\n")
            for member in self.members:
                out.writelines(_lines(dict(self._posts_of(member)), "  "))
        return file

    def _posts_of(self, member: Member) -> Iterator[tuple[str, Entry]]:
        for shape in member.posts:
            when = {"time": member.time, "accounts": [member.id]}
            yield f"{shape.id}-{member.id}", {**self._post(shape, member.language), **when}


class Words:
    """Sentences of a given length."""

    def __init__(self, source: random.Random) -> None:
        self._random = source

    def word(self) -> str:
        return self._random.choice(WORDS[CALENDAR_LANGUAGE])

    def hour(self) -> str:
        return f"{self._random.randint(8, 20):02}:{self._random.randint(0, 59):02}"

    def sentence(self, length: int, language: str = CALENDAR_LANGUAGE) -> str:
        words = " ".join(self._random.choices(WORDS[language], k=length))
        return f"{words[0].upper()}{words[1:]}."

    def texts(self, shape: Shape, language: str) -> Entry:
        """All words of a post."""
        card = self.card(shape.kind, language)
        return {
            "text": self.sentence(shape.text, language),
            "alt": self.sentence(shape.alt, language),
            **({shape.kind: card} if card else {}),
        }

    def card(self, kind: str, language: str) -> Entry:
        if kind == "call":
            return {"headline": self.sentence(4, language), "body": self.sentence(12, language)}
        if kind == "graphic":
            points = [self.sentence(5, language) for _ in range(2)]
            return {"headline": self.sentence(4, language), "points": points}
        return {}

    def fact(self, language: str) -> Entry:
        return {
            "statement": self.sentence(9, language),
            "population": self.sentence(5, language),
            "caveat": self.sentence(8, language),
        }

    def quote(self, language: str) -> Entry:
        return {"words": self.sentence(14, language), "role": self.sentence(3, language)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """What the calendar says in its own language, and how the others say it."""

    source: Words
    shapes: tuple[Shape, ...]
    days: Entry
    facts: Entry
    quotes: Entry
    posts: Entry

    @classmethod
    def of(cls, shapes: tuple[Shape, ...], source: Words) -> Texts:
        own = CALENDAR_LANGUAGE
        return cls(
            source=source,
            shapes=shapes,
            days={str(day): {"theme": source.sentence(3)} for day in DAYS},
            facts={shape.of: source.fact(own) for shape in shapes if shape.kind == "statistic"},
            quotes={shape.of: source.quote(own) for shape in shapes if shape.kind == "quote"},
            posts={shape.id: source.texts(shape, own) for shape in shapes},
        )

    def language(self, language: str) -> Entry:
        """Reviewed, with nothing missing and nothing stale."""
        say = self.source
        return {
            "language": language,
            "days": {
                day: {"theme": say.sentence(3, language), **_made_from(theme)}
                for day, theme in self.days.items()
            },
            "facts": {
                id_: {"figure": "12%", **say.fact(language), **_made_from(fact | _FIGURE)}
                for id_, fact in self.facts.items()
            },
            "quotes": {
                id_: {**self._in_translation(language), **_made_from(quote)}
                for id_, quote in self.quotes.items()
            },
            "posts": {
                shape.id: {**say.texts(shape, language), **_made_from(self.posts[shape.id])}
                for shape in self.shapes
            },
        }

    def _in_translation(self, language: str) -> Entry:
        quote = self.source.quote(language)
        translator = self.source.sentence(2, language)
        words = {"words": quote["words"], "translator": translator}
        return {"role": quote["role"], "in_translation": words}


_COLOURS: Entry = {
    "colours": {
        "paper": "#FFF6EC",
        "ink": "#24163A",
        "accent": "#C2410C",
        "ground": "#3B1A5A",
        "on_dark": "#FFF6EC",
    }
}
_CHECKED: Entry = {
    "source": {
        "publisher": "Somebody",
        "title": "What was found out",
        "year": "2025",
        "address": "https://example.org/found",
    },
    "checked": "publisher",
    "checked_on": "2026-11-20",
}
_FIGURE: Entry = {"figure": "12%"}
_FACT: Entry = {**_FIGURE, "year": "2024", **_CHECKED}
_QUOTE: Entry = {"language": CALENDAR_LANGUAGE, "speaker": "Somebody", **_CHECKED}


def _made_from(texts: Entry) -> Entry:
    reviewed = {"state": "reviewed", "by": "Maria Rossi", "on": "2026-11-20", "of": texts}
    return {"translation": reviewed}


def _head(shape: Shape) -> Entry:
    shown = {shape.kind: shape.of} if shape.kind in ("quote", "statistic") else {}
    return {"day": str(shape.day), **shown}


# ── as people type it ─────────────────────────────────────────────────────────────────────────────

_WIDTH = 90


def _write(file: Path, entry: Entry) -> None:
    file.write_text("".join(_lines(entry)), "utf-8")


def _lines(entry: Entry, indent: str = "") -> Iterator[str]:
    for key, value in entry.items():
        if isinstance(value, dict):
            yield f"{indent}{key}:\n"
            yield from _lines(value, f"{indent}  ")
        elif isinstance(value, list):
            yield f"{indent}{key}:\n"
            yield from (f"{indent}  - {_plain(each)}\n" for each in value)
        elif len(value) > _WIDTH:
            yield f"{indent}{key}: >-\n"
            yield from (f"{indent}  {line}\n" for line in wrap(value, _WIDTH))
        else:
            yield f"{indent}{key}: {_plain(value)}\n"


def _plain(text: str) -> str:
    return f'"{text}"' if text.startswith("#") else text


# ── measuring ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One way, once, in a process of its own."""

    #: Seconds: from the files to the plan, and what `plan` alone takes.
    whole: float
    planning: float
    #: The most that the process ever held, in megabytes.
    memory: float
    deliveries: int
    accounts: int
    problems: int


def measured(file: Path) -> Run:
    """Here and now: `in_a_process` measures without what came before."""
    reading.LARGEST = sys.maxsize
    gc.collect()
    begin = perf_counter()
    read = read_calendar(file)
    coalition = read.unwrap()
    deliveries = plan(coalition)
    end = perf_counter()
    return Run(
        whole=end - begin,
        memory=_most_memory(),
        planning=_planning(coalition),
        deliveries=len(deliveries),
        accounts=len({delivery.account for delivery in deliveries}),
        problems=len(read.problems) + len(read.translating),
    )


def _planning(coalition: Coalition) -> float:
    """Once more: in the whole, a collection of all that was read may fall into it, or may not."""
    gc.collect()
    begin = perf_counter()
    plan(coalition)
    return perf_counter() - begin


def _most_memory() -> float:
    """In megabytes; macOS counts bytes, where Linux counts kilobytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1e6 if sys.platform == "darwin" else most * 1024 / 1e6


def in_a_process(file: Path) -> Run:
    command = [sys.executable, __file__, "--measure", str(file)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return Run(**json.loads(done.stdout))


def compared(writer: Writer, rounds: int) -> tuple[list[Run], list[Run]]:
    """The runs of the coalition and those of the one file, which took turns."""
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        files = writer.coalition(Path(one)), writer.one_file(Path(other))
        print(_sizes(*files), flush=True)
        turns = [[in_a_process(file) for file in files] for _ in range(rounds)]
    return [turn[0] for turn in turns], [turn[1] for turn in turns]


def _sizes(coalition: Path, one_file: Path) -> str:
    sizes = [file.stat().st_size / 1e6 for file in coalition.parent.rglob("*.yaml")]
    alone = one_file.stat().st_size / 1e6
    return f"the coalition: {len(sizes)} files, {sum(sizes):.1f} MB; the one file: {alone:.1f} MB\n"


def not_the_same(writer: Writer, coalition: Sequence[Run], one_file: Sequence[Run]) -> list[str]:
    """Why they cannot be compared: each must plan all that was written, without a problem."""
    accounts = len(writer.members)
    wanted = {"deliveries": writer.deliveries, "accounts": accounts, "problems": 0}
    wrong = [
        f"{name}: {getattr(run, what)} {what}, and not {number}"
        for name, runs in (("the coalition", coalition), ("the one file", one_file))
        for run in runs
        for what, number in wanted.items()
        if getattr(run, what) != number
    ]
    least = LEAST_POSTS * accounts
    return wrong if writer.deliveries > least else [*wrong, f"not more than {least} deliveries"]


def main(arguments: Sequence[str]) -> int:
    asked = _asked(arguments)
    if asked.measure:
        print(json.dumps(asdict(measured(asked.measure))))
        return 0
    seed = int(os.environ.get("SEED") or random.SystemRandom().randrange(10**6))
    writer = Writer(seed, asked.members)
    print(f"{asked.members} members, {writer.deliveries} deliveries, SEED={seed}")
    coalition, one_file = compared(writer, asked.rounds)
    if wrong := not_the_same(writer, coalition, one_file):
        print(*wrong, sep="\n")
        return 1
    return told(coalition, one_file)


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--members", type=int, default=MEMBERS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--measure", type=Path, help="a calendar, once, in this process")
    return parser.parse_args(arguments)


def told(coalition: Sequence[Run], one_file: Sequence[Run]) -> int:
    """Prints the table; 1 when the coalition takes too long."""
    print(f"medians of {len(coalition)}       coalition    one file    ratio")
    ratios = {
        what: _row(name, *([getattr(run, what) for run in runs] for runs in (coalition, one_file)))
        for what, name in _ROWS.items()
    }
    print(json.dumps({f"{what}_ratio": round(ratio, 3) for what, ratio in ratios.items()}))
    return int(ratios["whole"] > MOST)


_ROWS = {
    "whole": "files to plan, s",
    "planning": "plan alone, s",
    "memory": "peak memory, MB",
}


def _row(name: str, own: Sequence[float], others: Sequence[float]) -> float:
    ratio = median(own) / median(others)
    print(
        f"{name:17} {median(own):12.3f} {median(others):11.3f} {ratio:8.3f}"
        f"   ({min(own):.3f} to {max(own):.3f}; {min(others):.3f} to {max(others):.3f})"
    )
    return ratio


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
