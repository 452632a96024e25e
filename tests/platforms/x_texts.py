"""Texts that are hard to count, and the library that X counts with.

    PYTHONPATH=src python tests/platforms/x_texts.py

writes x_vectors.json anew, by asking that library.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random

from scheduler.platforms.counting.x_tables import tables

HERE = Path(__file__).parent
VECTORS = HERE / "x_vectors.json"
#: Where `make test-deps` puts the library.
LIBRARY = (
    Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    / "campaign-scheduler"
    / "twitter-text-3.1.0"
)

CHOSEN = (
    "", " ", "abc", "día", "한", "日本語", "تلفن", "½", "—", "“q”", "…", "€", "•", "→", "×",
    "e\u0301", "a\u0323\u0307", "ﬁ", "각", "\U00020000", "\u200b", "\u200d", "\ufe0f",
    "\u2028", "\u2010\u2011", "👨‍👩‍👧‍👦", "🏳️‍🌈", "👍🏽", "🇪🇸", "🇪🇸🇫🇷", "🇦🇧", "🇪", "1️⃣",
    "1\u20e3", "#️⃣", "🐦‍🔥", "👩‍🦽", "🫱🏽", "🧑‍🎄", "👁‍🗨", "👁️‍🗨️", "🏋🏽‍♀️", "🕵️‍♂️",
    "☎️", "☎︎", "©", "©️", "™", "♾️", "⌚️", "🌍️", "❤️‍🔥", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "👩‍❤️‍💋‍👨",
    "🤵🏽‍♀️", "🏽", "example.com", "Acme.Inc", "file.py", "v2.0", "3.5", "e.g. this", "z.B.",
    "usw.und", "a@example.com", "@user@example.com", "https://x.co/a https://y.co/b",
    "https://例え.jp/あ", "例え.jp", "bücher.de/é", "see(https://example.org/a_(b)).",
    "https://example.org/a_(b_(c))", "https://example.org/(a", "https://example.org/a*;(b)",
    "https://example.org/?a=b&c=d.", "example.org?a=b", "example.org:80", "example.org:80/a",
    "HTTPS://EXAMPLE.ORG/A", "http://localhost/a", "http://1.2.3.4/", "ftp://example.org",
    "xhttps://example.org", "#example.org", "$example.org", "-example.org", "/example.org",
    "_example.org", "a-.example.org", "a_b.example.org", "https://a_b.org", "example.comm",
    "example.com-", "example.com+", "example.com_", "example.comé", "example.com.",
    "a.com.foo", "a.com.foo.org", "example.invalid", "https://t.co/abc",
    "https://t.co/abc/def", "https://t.co/" + "a" * 41, "t.co/abc", "https://t.co/é",
    "https://" + "a" * 63 + ".org", "https://" + "a" * 64 + ".org",
    "https://" + "ü" * 55 + ".org", "👍" + "a" * 63 + ".org", "👍-a.org",
    "https://a.org/" + "b" * 4082, "https://a.org/" + "b" * 4083, "https://example.org/ι",
    "https://example.org/α", "https://example.org/я", "https://example.org/ᲀ",
    "https://example.org/a–b", "https://example.org/a—b", "https://example.org/@user/a",
    "xn--p1ai.xn--p1ai", "https://example.嘉里大酒店", "https://example.भारतम्",
    "https://example.онлайн", "example.onion", "“https://example.org”",
    "https://example.org…", "https://example.org#a", "https://example.org/#a",
)  # fmt: skip

_HOSTS = (
    "example", "a", "a-b", "a_b", "bücher", "例え", "xn--bcher-kva", "sub.example", "-a",
    "a-", "é", "ñandú", "x" * 63, "x" * 64, "día.example", "a.b", "1", "v2", "пример",
    "e\u0301x", "ü" * 50, "ü" * 60, "t", '"q', "a`b", "k\u200db", "👩‍🎤", "co.uk",
)  # fmt: skip
_ENDINGS = (
    "com", "COM", "Com", "org", "py", "inc", "co", "c", "comm", "co.uk", "t.co", "invalid",
    "онлайн", "中国", "嘉里", "嘉里大酒店", "भारत", "भारतम्", "xn--p1ai", "xn--", "xn--a_b",
    "onion", "iN", "ſ", "info", "in",
)  # fmt: skip
_SCHEMES = (
    "", "", "", "http://", "https://", "HTTPS://", "hTtP://", "https:/", "//", "ftp://",
    "https://user@", "httpſ://",
)  # fmt: skip
_PORTS = ("", "", "", ":80", ":", ":8080/", ":x")
_PATHS = (
    "", "", "/", "/a", "/a_(b)", "/a_(b_(c))", "/(a)", "/a(", "/a)", "/a.", "/a,", "/@user/x",
    "/@user", "/é", "/я.", "/ι", "/a–b", "/a—b", "/日", "/a…", '/a"b', "/%C3%A9", "/a;b",
    "/a'", "/a*", "/(a", "/((a))", "/a/b/", "/#", "/#!/x", "/a&amp;b", "/" + "x" * 30, "/a|b",
    "/~a", "/[a]", "/a\u200db", "/a👩b", "/+", "/a-", "/.....", "/a(b)c(d)e", "(b)", "*;(b)",
    "*;(b)c", "@a/", "@a", "().", "..(a).",
)  # fmt: skip
_QUERIES = (
    "", "", "", "?", "?a=b", "?a=b&c=d.", "?é", "?a=(b)", "?a=b#c", "?x?y", "?a=b'", "?👍",
)  # fmt: skip
_BEFORE = (
    "", "", "", "(", "“", '"', "'", "@", "#", "$", "＃", "＠", ".", "-", "_", "/", "a", "é",
    "1", "。", "…", "—", "\u200e", "\u2067", "\ufeff", "👍", "¡", ":", ",", "=", "~",
    "\u200b", "&", "%", "\n", "한",
)  # fmt: skip
_AFTER = (
    "", "", "", ")", "”", '"', "'", "@", "+", "-", "_", ".", ",", "!", "?", "…", "—", "é",
    "あ", "1", "👍", "。", ":", ";", "\u200f", "\ufe0f", "\u20e3", "/", "\u0301", "한", "@x",
    "--", " ",
)  # fmt: skip
_WORDS = (
    *(text for text in CHOSEN if len(text) < 30), "word", "@user", "#Tag", "#16Days", "$AAPL",
    "1/2", "can't", "\U0001f000", "\U000e0067", "mailto:a@b.com", "http://t.co/abc.",
    "HTTPS://T.CO/Ab1?a=b&", "https://t.co/abc/def?x=1",
)  # fmt: skip
_LOOSE = "ab.:/-_@#$()é 1?=&\"'·한👍\u0301\u200d\ufe0f"


def texts(number: int, *, seed: int) -> list[str]:
    """So many texts, the same for the same seed; none with an ending newer than the library."""
    random = Random(seed)
    emoji, endings = sorted(tables().emoji), sorted(tables().endings)
    made: list[str] = []
    while len(made) < number:
        words = (_word(random, emoji, endings) for _ in range(random.randint(1, 6)))
        text = "".join(word + random.choice((" ", " ", "", "\n")) for word in words)
        if not any(f".{ending}" in text.casefold() for ending in tables().newer_endings):
            made.append(text)
    return made


def _word(random: Random, emoji: Sequence[str], endings: Sequence[str]) -> str:
    kind = random.random()
    if kind < 0.45:
        return _address(random, endings)
    if kind < 0.65:
        return "".join(_emoji(random, emoji) for _ in range(random.randint(1, 3)))
    if kind < 0.9:
        return "".join(map(random.choice, (_BEFORE, _WORDS, _AFTER)))
    return "".join(random.choices(_LOOSE, k=random.randint(1, 12)))


def _address(random: Random, endings: Sequence[str]) -> str:
    ending = random.choice(random.choice((_ENDINGS, endings)))
    before, scheme, host = map(random.choice, (_BEFORE, _SCHEMES, _HOSTS))
    path = "".join(random.choices(_PATHS, k=random.choice((1, 1, 2, 3))))
    port, query, after = map(random.choice, (_PORTS, _QUERIES, _AFTER))
    return f"{before}{scheme}{host}.{ending}{port}{path}{query}{after}"


def _emoji(random: Random, emoji: Sequence[str]) -> str:
    """Whole, without its selectors, with something behind it, cut short, or joined to another."""
    one = random.choice(emoji)
    match random.randrange(10):
        case 0 | 1:
            return one.replace("\ufe0f", "")
        case 2:
            return one + random.choice("\ufe0f🏽\u200d\u20e3")
        case 3:
            return one[: random.randrange(1, len(one) + 1)]
        case 4:
            return f"{one}\u200d{random.choice(emoji)}"
    return one


def counted_by_x(texts: Iterable[str], library: Path = LIBRARY) -> list[int]:
    """What X's own library counts."""
    counted = subprocess.run(
        ["node", str(HERE / "count_like_x.js"), str(library)],
        input=json.dumps(list(texts)),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(counted.stdout)


def main() -> None:
    said = [*CHOSEN, *texts(1000, seed=0)]
    vectors = [[text, count] for text, count in zip(said, counted_by_x(said), strict=True)]
    lines = ",\n".join(json.dumps(vector) for vector in vectors)
    VECTORS.write_text(f"[\n{lines}\n]\n", "utf-8")


if __name__ == "__main__":
    main()
