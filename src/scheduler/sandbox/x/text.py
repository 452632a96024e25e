"""How X reads a text: what it counts, what it makes a link of, what the API shows.

Written from the vendor's page without a look at the adapter, which it is there to catch. It is
plain: of the endings of addresses it knows those of countries and the common ones, and every emoji
is two, however new it is.

https://docs.x.com/fundamentals/counting-characters
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from html import escape
from typing import Any
from unicodedata import normalize

import regex

MAX_WEIGHT = 280
LINK_WEIGHT = 23
#: One app may name one cashtag in a post.
#: https://docs.x.com/x-api/posts/manage-tweets/integrate
MAX_CASHTAGS = 1
CASHTAG = regex.compile(r"(?<![\w$])\$[a-z]{1,6}(?:[._][a-z]{1,2})?(?!\w)", regex.IGNORECASE)

_LIGHT = regex.compile(r"[\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")
_EMOJI = regex.compile(r"\p{Emoji_Presentation}|\p{RI}|\ufe0f|\u20e3")

_COUNTRIES = """
    ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt
    bv bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg
    er es et eu fi fj fk fm fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn
    hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li
    lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne
    nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb
    sc sd se sg sh si sj sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr
    tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw
"""
_COMMON = """
    com org net int gov edu mil info biz name pro mobi jobs museum travel coop aero cat post tel
    asia xxx app art blog care cafe center charity chat cloud club community company design dev
    digital email events exchange expert family foundation fund gives global group guide health help
    hiv house inc jetzt legal life link live media network news ngo ong online one page party photo
    pictures plus press report review rocks shop site social solutions space store studio support
    team tech today tools video vote website wiki work world xyz
"""
_ENDINGS = "|".join((_COUNTRIES + _COMMON).split())
_LETTER = r"a-z0-9\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
_LABEL = rf"[{_LETTER}](?:[{_LETTER}_-]*[{_LETTER}])?"
_LINK = regex.compile(
    rf"""
    (?: (?<![a-z0-9@＠$\#＃]) https?:// | (?<![\w@＠$\#＃./-]) )
    (?:{_LABEL}\.)+ (?:{_ENDINGS}) (?![a-z0-9@+-]) (?::\d+)?
    (?: /[^\s<>()\u2026"“”«»]* (?:\([^\s<>()]*\)[^\s<>()\u2026"“”«»]*)* )?
    (?: \?[^\s<>()\u2026"“”«»]* )?
    """,
    regex.VERBOSE | regex.IGNORECASE,
)
_CLOSING = "!?.,:;'\"*~|$"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    text: str
    link: bool = False


def pieces(text: str) -> list[Piece]:
    """The text cut into links and everything between them."""
    cut: list[Piece] = []
    done = 0
    for found in _LINK.finditer(text):
        link = found[0].rstrip(_CLOSING)
        cut.append(Piece(text=text[done : found.start()]))
        cut.append(Piece(text=link, link=True))
        done = found.start() + len(link)
    return [*cut, Piece(text=text[done:])]


def weight(text: str) -> int:
    """Links at their fixed price, emoji two, light letters one, all others two."""
    return sum(
        LINK_WEIGHT if piece.link else sum(map(_weight, regex.findall(r"\X", piece.text)))
        for piece in pieces(normalize("NFC", text))
    )


def _weight(cluster: str) -> int:
    if _EMOJI.search(cluster):
        return 2
    return sum(1 if _LIGHT.match(each) else 2 for each in cluster)


def wrapped(text: str, pictures: list[tuple[str, str]]) -> tuple[str, list[dict[str, Any]]]:
    """The text as the API shows it, links behind t.co, and what hides behind each.

    `pictures` are the media keys of a post with their addresses; one short link stands for all.
    """
    shown = ""
    urls: list[dict[str, Any]] = []
    for piece in pieces(text):
        if piece.link:
            full = piece.text if "://" in piece.text else f"http://{piece.text}"
            urls.append(_entity(shown, full, piece.text))
            shown += urls[-1]["url"]
        else:
            shown += escape(piece.text, quote=False)
    if pictures:
        shown += " " if shown else ""
        short = short_link(pictures[0][1])
        urls += [
            {**_entity(shown, full, full), "url": short, "media_key": key} for key, full in pictures
        ]
        shown += short
    return shown, urls


def short_link(address: str) -> str:
    return f"https://t.co/{sha256(address.encode()).hexdigest()[:10]}"


def _entity(before: str, full: str, written: str) -> dict[str, Any]:
    url = short_link(full)
    return {
        "start": len(before),
        "end": len(before) + len(url),
        "url": url,
        "expanded_url": full,
        "display_url": written.removeprefix("https://").removeprefix("http://"),
    }
