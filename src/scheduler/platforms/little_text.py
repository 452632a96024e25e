"""LinkedIn's little text: words with hashtags and mentions in them.

https://learn.microsoft.com/linkedin/marketing/community-management/shares/little-text-format

A character that is reserved and not escaped ends a post there, silently: what follows it is never
public. So each is escaped, in addresses too, but for those of a hashtag or a mention.
"""

from __future__ import annotations

import regex

_RESERVED = regex.compile(r"[\\|{}@\[\]()<>#*_~]")
#: A hashtag of one word, or "@[UN Women](urn:li:organization:77)". What somebody wrote so becomes
#: one; the name must be the very one that LinkedIn has.
_LIVING = regex.compile(
    r"""
      (?<! [\p{L}\p{M}\p{N}_\#&/] ) \# (?= [\p{M}\p{N}]* \p{L} ) [\p{L}\p{M}\p{N}]+
      (?! [\p{L}\p{M}\p{N}_] )
    | @ \[ (?P<name> [^\[\]\\\n]+ ) \] \(
      (?P<urn> urn:li: (?: organization:[0-9]+ | person:[A-Za-z0-9_-]+ ) ) \)
    """,
    regex.VERBOSE,
)
#: What stands for other words than its own. LinkedIn makes templates of hashtags by itself.
_MARKUP = regex.compile(
    r"""
      \\ (?P<escaped> . )
    | \{ hashtag \| \\? [\#＃] \| (?P<tag> (?: \\. | [^\\{}|] )+ ) \}
    | @ \[ (?P<name> (?: \\. | [^\\\]] )+ ) \] \s? \( [^()]* \)
    """,
    regex.VERBOSE | regex.DOTALL,
)


def escaped(text: str) -> str:
    """The little text that shows exactly these words."""
    pieces, done = [], 0
    for living in _LIVING.finditer(text):
        pieces += [_plain(text[done : living.start()]), _living(living)]
        done = living.end()
    return "".join([*pieces, _plain(text[done:])])


def shown(commentary: str) -> str:
    """The words that a reader sees of a little text; of a mention, the name."""
    return _MARKUP.sub(_seen, commentary)


def _plain(text: str) -> str:
    return _RESERVED.sub(r"\\\g<0>", text)


def _living(found: regex.Match[str]) -> str:
    if found["name"] is None:
        return found[0]
    return f"@[{_plain(found['name'])}]({found['urn']})"


def _seen(found: regex.Match[str]) -> str:
    if found["escaped"] is not None:
        return found["escaped"]
    return f"#{shown(found['tag'])}" if found["tag"] else shown(found["name"])
