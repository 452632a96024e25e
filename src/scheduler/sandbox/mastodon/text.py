"""How Mastodon reads a text: what it counts, which languages it knows, what it shows.

Written from the vendor's rules without a look at the adapter, which it is there to catch.
"""

from __future__ import annotations

from html import escape

import regex

#: https://docs.joinmastodon.org/entities/Instance/#configuration
MAX_CHARACTERS = 500
CHARACTERS_PER_URL = 23

#: ISO 639-1, and the codes of ISO 639-3 that Mastodon adds.
LANGUAGES = frozenset(
    """
    aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da
    de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gu gv ha he hi ho hr ht hu hy hz ia
    id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo
    lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl
    ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk
    tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
    ast chr ckb cnr csb gsw jbo kab ldn lfn moh nds pdc sco sma smj szl tok vai xal zba zgh
    """.split()  # noqa: SIM905 (two hundred quotation marks would say no more)
)

_WORD = regex.compile(r"\S+|\s+")
_HOST = regex.compile(
    r"https?://(?:[^\s/?#:@]+\.)+[^\W\d_][\w-]*[^\W_](?=[/?:#]|\W|$)", regex.IGNORECASE
)
_TAIL = regex.compile(r"(?::\d+)?(?:/[^\s<>]*|\?[^\s<>]*)?")
_FAR_MENTION = regex.compile(r"(?<![=/\w])@[a-z0-9_]+(?:[.-]+[a-z0-9_]+)*@[\w.-]*\w", regex.I)
_GLUED = regex.compile("[a-z0-9@＠$#＃]", regex.IGNORECASE)
_BRACKETS = {")": "("}
_CLOSING = "!*\"'「」<>;:=,.$%[]~&|@?("


def length(note: str, text: str) -> int:
    """Grapheme clusters of note and text, links at their fixed price, mentions without server."""
    counted = 0
    rest = ""
    for is_link, piece in pieces(text):
        if is_link:
            counted += CHARACTERS_PER_URL
        else:
            rest += _FAR_MENTION.sub(lambda found: found[0].rsplit("@", 1)[0], piece)
    return counted + len(regex.findall(r"\X", note)) + len(regex.findall(r"\X", rest))


def pieces(text: str) -> list[tuple[bool, str]]:
    """The text cut into links (True) and everything between them (False)."""
    cut: list[tuple[bool, str]] = []
    for word in _WORD.findall(text):
        found = _HOST.search(word)
        if not found or (found.start() and _GLUED.match(word[found.start() - 1])):
            cut.append((False, word))
            continue
        tail = _TAIL.match(word, found.end())
        link = _without_closing(found[0] + (tail[0] if tail else ""), len(found[0]))
        cut.append((False, word[: found.start()]))
        cut.append((True, link))
        cut.append((False, word[found.start() + len(link) :]))
    return cut


def _without_closing(link: str, host: int) -> str:
    """Punctuation that closes the sentence does not belong to the link."""
    while len(link) > host:
        last = link[-1]
        if last in _BRACKETS and link.count(_BRACKETS[last]) >= link.count(last):
            break
        if last not in _CLOSING and last not in _BRACKETS:
            break
        link = link[:-1]
    return link


def html(text: str) -> str:
    """What the server shows: paragraphs, line breaks, links with their scheme hidden."""
    shown = "".join(
        _link(piece) if is_link else escape(piece, quote=True) for is_link, piece in pieces(text)
    )
    paragraphs = regex.split(r"\n{2,}", shown.strip())
    return "".join(f"<p>{paragraph.replace(chr(10), '<br />')}</p>" for paragraph in paragraphs)


def _link(address: str) -> str:
    scheme, rest = address.split("://", 1)
    return (
        f'<a href="{escape(address)}" target="_blank" rel="nofollow noopener" translate="no">'
        f'<span class="invisible">{scheme}://</span><span class="">{escape(rest)}</span></a>'
    )
