"""Hashtags: one campaign, one spelling, readable aloud, not cut in the middle."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from scheduler.errors import Severity
from scheduler.linting.findings import Found, Lint
from scheduler.linting.speaking import captions, card_texts, english
from scheduler.model import Campaign, KeyPath, Post

# Not in the middle of an address, nor in "&#39;".
_TAG = re.compile(r"(?<![\w/&])#(\w+)")
_CUT = re.compile(r"(?<![\w/&])(#\w+)([’'‘`´.·/+&-])(\w+)")
_POSSESSIVE = frozenset("’'‘")


def _canonical(campaign: Campaign) -> tuple[str, ...]:
    """The spellings to hold on to: the brand's own first."""
    return tuple(dict.fromkeys((*_TAG.findall(campaign.brand.hashtag), *campaign.tags)))


def _used(campaign: Campaign, post: Post) -> Iterator[tuple[KeyPath, str]]:
    """Each hashtag of the post, without #. The campaign's own, taken over, are not repeated."""
    if post.tags != campaign.tags:
        for number, tag in enumerate(post.tags):
            yield ("posts", post.id, "tags", number), tag
    for text in (*captions(campaign, post), *card_texts(campaign, post)):
        if "#" in text.own:
            for tag in _TAG.findall(text.own):
                yield text.path, tag


def _everywhere(campaign: Campaign) -> Iterator[tuple[KeyPath, str, tuple[str, ...], bool]]:
    """Path, hashtag, posts, and whether its words are English."""
    in_english = campaign.language.startswith("en")
    for tag in _TAG.findall(campaign.brand.hashtag):
        if tag not in campaign.tags:
            yield ("brand", "hashtag"), tag, tuple(campaign.posts), in_english
    for number, tag in enumerate(campaign.tags):
        users = tuple(post.id for post in campaign.posts.values() if tag in post.tags)
        yield ("campaign", "tags", number), tag, users, in_english
    for post in campaign.posts.values():
        for path, tag in _used(campaign, post):
            yield path, tag, (post.id,), english(post)


# ── near-misses ───────────────────────────────────────────────────────────────────────────────────

#: From this length on, one letter may be wrong; from the next on, two.
_SHORT, _LONG = 5, 10


@lru_cache(maxsize=4096)
def _distance(one: str, other: str) -> int:
    """Letters to add, drop, change or swap with their neighbour (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if older and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]


def _nearly(tag: str, canonical: str) -> bool:
    """Whether a reader would take it for the canonical one, and a search would not."""
    one, other = (word.casefold() for word in (tag, canonical))
    if one == other:
        return False
    bare, year = one.rstrip("0123456789"), other.rstrip("0123456789")
    if bare == year and len(year) >= _SHORT:
        return True
    if one.replace("_", "") == other.replace("_", ""):
        return True
    allowed = (len(other) >= _SHORT) + (len(other) >= _LONG)
    # A number in it makes it another tag: #16Days and #12Days are not the same campaign.
    other_number = len(other) < _LONG and re.findall(r"\d+", one) != re.findall(r"\d+", other)
    if abs(len(bare) - len(year)) > allowed or other_number:
        return False
    return _distance(bare or one, year or other) <= allowed


def _near_miss(campaign: Campaign, _: date) -> Iterator[Found]:
    canonical = _canonical(campaign)
    said = {word.casefold() for word in canonical}
    for path, tag, posts, _english in _everywhere(campaign):
        # The campaign's own list is measured by the brand's hashtag only.
        known = canonical[:1] if path[0] == "campaign" else canonical
        if path[0] == "brand" or (path[0] == "posts" and tag.casefold() in said):
            continue
        for word in known:
            if _nearly(tag, word):
                yield Found(
                    path=path,
                    message=f"#{tag} is nearly the campaign's #{word}",
                    posts=posts,
                    hint=f"write #{word}, or a tag that cannot be mistaken for it",
                )
                break


HASHTAG_NEAR_MISS = Lint(
    code="hashtag-near-miss",
    severity=Severity.WARNING,
    title="A hashtag that is nearly the campaign's own",
    reason="A post under a misspelt tag is not found with the others. It happens: in 2023 a "
    "member's page carried #ResponisbleTogether23 in its title.",
    hint="copy the campaign's hashtag",
    fails="""\
posts:
  begin:
    tags: ["#ResponisbleTogether", "#16Days"]
""",
    passes="""\
posts:
  begin:
    tags: ["#ResponsibleTogether", "#16Days"]
""",
    check=_near_miss,
)

# ── capitals ──────────────────────────────────────────────────────────────────────────────────────

#: Enough to take the tags of this field apart; a word that is made of two others stands here too.
_LISTED = """
    abuse accountability accountable activism activists against all and are awareness because
    believe break call care change child childcare children come culture day days domestic each end
    ending enough equal equality ever every everyday everyone excuse excuses families family
    father fathers femicide for forever forgive free freedom from gender generation girls give
    global hands have he hear hearing help her home homework hope human in income insight intake
    into is it join justice law life lifetime listen listening live look love man manpower me men
    more my myself never no not now of one only orange our out outcome own party peace people
    perpetrator perpetrators pledge power prevention project protect question respect
    responsibility responsible ribbon right rights safe safer safety say see share she shelter
    shelters silence simple someone speak stand start stop stories story strong support survivor
    survivors take talk tell that the them themselves there these they this time to today together
    too towards up upright uptake us violence violent voice voices walk want we what whatever white
    who whoever whole why with within without withstand woman women word words work workout world
    you your yourself zero
"""
_WORDS = frozenset(_LISTED.split())
_LONG_LOWER = 12
_CHUNK = re.compile(r"[^\W\d_][^\W\d_A-ZÀ-Þ]*")


@lru_cache(maxsize=4096)
def _split(word: str) -> tuple[str, ...]:
    """The word taken apart into known ones, or () where that cannot be done."""
    if word in _WORDS:
        return (word,)
    for end in range(len(word) - 1, 0, -1):
        if word[:end] in _WORDS and (rest := _split(word[end:])):
            return (word[:end], *rest)
    return ()


def _better(tag: str, canonical: tuple[str, ...], *, in_english: bool) -> str:
    """How the tag should be written, "" when it is well, "?" when only a person can say."""
    same = [word for word in canonical if word.casefold() == tag.casefold()]
    if same and tag not in same:
        return same[0]
    letters = "".join(_CHUNK.findall(tag))
    if in_english:
        written = _CHUNK.sub(lambda match: _capitalised(match[0]), tag)
        if written != tag and written.casefold() == tag.casefold():
            return written
    return "?" if letters.islower() and len(letters) > _LONG_LOWER else ""


def _capitalised(chunk: str) -> str:
    words = _split(chunk.lower())
    return "".join(word.capitalize() for word in words) if len(words) > 1 else chunk


def _case(campaign: Campaign, _: date) -> Iterator[Found]:
    canonical = _canonical(campaign)
    for path, tag, posts, in_english in _everywhere(campaign):
        if better := _better(tag, canonical, in_english=in_english):
            yield Found(
                path=path,
                message=f"#{tag} does not show where its words begin",
                posts=posts,
                hint="" if better == "?" else f"write #{better}",
            )


HASHTAG_CASE = Lint(
    code="hashtag-case",
    severity=Severity.WARNING,
    title="A hashtag of several words without capitals",
    reason="Screen readers and tired eyes need a capital at the beginning of each word "
    "(Oxford University, Defra). In 2020 a campaign printed #CallitOut beside #16Days16Ways.",
    hint="begin each word with a capital: #EndViolence, not #endviolence",
    fails="""\
posts:
  begin:
    tags: ["#ResponsibleTogether", "#endviolenceagainstwomen"]
""",
    passes="""\
posts:
  begin:
    tags: ["#ResponsibleTogether", "#EndViolenceAgainstWomen"]
""",
    check=_case,
)

# ── punctuation ───────────────────────────────────────────────────────────────────────────────────


def _cut_in(text: str) -> re.Match[str] | None:
    """Where punctuation ends a tag too early. A genitive, as in #MeToo’s, is no mistake."""
    for match in _CUT.finditer(text):
        if not (match[2] in _POSSESSIVE and match[3] == "s"):
            return match
    return None


def _cut(campaign: Campaign, _: date) -> Iterator[Found]:
    for post in campaign.posts.values():
        for text in (*captions(campaign, post), *card_texts(campaign, post)):
            if match := "#" in text.own and _cut_in(text.own):
                yield Found(
                    path=text.path,
                    message=f"“{match[0]}”: the tag ends at “{match[2]}”, so only {match[1]} is a "
                    "link",
                    posts=(post.id,),
                )


HASHTAG_CUT = Lint(
    code="hashtag-cut",
    severity=Severity.WARNING,
    title="Punctuation cuts a hashtag",
    reason="Only letters, digits and _ belong to a hashtag. In 2023 a member wrote "
    "#ResponsibleTogether’23, and the apostrophe left the year outside.",
    hint="leave the sign out, or put a space before it",
    fails="""\
posts:
  begin:
    text: "No excuse. He answers for it, and her safety comes first. #ResponsibleTogether’26"
""",
    passes="""\
posts:
  begin:
    text: "No excuse. He answers for it, and her safety comes first. #ResponsibleTogether 2026"
""",
    check=_cut,
)
