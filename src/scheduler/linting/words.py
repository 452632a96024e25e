"""What is promised, who is blamed, and whether a sentence can be read in one breath."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from scheduler.errors import Severity
from scheduler.linting.findings import Found, Lint
from scheduler.linting.speaking import (
    REMEMBERED,
    captions,
    card_texts,
    english,
    sentences,
    shortened,
    texts,
)
from scheduler.linting.vocabulary import Entry, glossary
from scheduler.model import Campaign, Post, QuoteContent, StatisticContent

# ── promises ──────────────────────────────────────────────────────────────────────────────────────

_CLAIM = re.compile(
    r"""\b(?:
      cure[sd]? | curing
    | (?:programmes?|programs?|perpetrator\ work|interventions?|group\ work|training)\b
        [^.!?;:]{0,30}?\b(?:works?|worked)(?=\s*(?:[.!?,;–—]|$|and\b|because\b))
    | (?:is|are|was|were|has\ been|have\ been)\ proven | proven\ to | provenly | prove[sd]?\ that
    | guarantee(?:s|d)?
    | 100\s?(?:%|percent|per\ cent)\ (?:effective|successful|safe|success|of\ (?:the\ )?men)
    | complete(?:ly)?\ (?:cessation|end(?:ed|s)?|stop(?:ped|s)?)
    | rehabilitat\w+
    | (?:will|would)\ never\ (?:again\b|hit|hurt|be\ violent|use\ violence)
    | never\ (?:hit|hits|hurt|hurts|reoffend(?:ed|s)?)\ (?:\w+\ )?again
    | success\ rates?
    )(?!\w)""",
    re.IGNORECASE | re.VERBOSE,
)
_DENIED = re.compile(
    r"\b(?:no|not|never|nobody|none|neither|nor|without|cannot|hardly|rather\sthan|instead\sof)\b|"
    r"n[’']t\b",
    re.IGNORECASE,
)
_ATTRIBUTED = re.compile(
    r"""\b(?:according\ to|report(?:s|ed)?|found|finds?|estimate[sd]?|stud(?:y|ies)|research(?:ers)?
    |evaluat\w+|survey(?:s|ed)?|data|described|say[s]?|said|source|evidence\ from|may|might|some\ of
    |some\ men|however|caveat|limits?)\b|\((?:[^()]*\s)?(?:19|20)\d\d\)""",
    re.IGNORECASE | re.VERBOSE,
)


@lru_cache(maxsize=REMEMBERED)
def _over_claims(text: str) -> tuple[str, ...]:
    """Promises that neither their own sentence nor the next one takes back or attributes."""
    return tuple(_claims(text))


def _claims(text: str) -> Iterator[str]:
    parts = sentences(text)
    for part, following in zip(parts, [*parts[1:], ""], strict=False):
        for match in _CLAIM.finditer(part):
            near = f"{part} {following}"
            if not _DENIED.search(part[: match.start()]) and not _ATTRIBUTED.search(near):
                yield match[0]


def _over_claim(campaign: Campaign, _: date) -> Iterator[Found]:
    for post in campaign.posts.values():
        for text in texts(campaign, post) if english(post) else ():
            for claim in _over_claims(text.own):
                yield Found(
                    path=text.path,
                    message=f"“{shortened(claim, 40)}” promises more than anybody can",
                    posts=(post.id,),
                )


OVER_CLAIM = Lint(
    code="over-claim",
    severity=Severity.WARNING,
    title="A promise about perpetrator programmes, without a source or a limit",
    reason="Programmes are not a solution on their own (Parliamentary Assembly of the Council of "
    "Europe, Resolution 2027), and the researchers of Project Mirabal write: “A tiny minority take "
    "steps backwards.” A woman who stays because of a promise may be in danger.",
    hint="say who found it, for whom and when, and what it does not show; or take it out",
    fails="""\
posts:
  begin:
    text: Perpetrator programmes are proven to end violence. He answers for it. Safety comes first.
""",
    passes="""\
posts:
  begin:
    text: No programme is proven to end all violence. He answers for it. Safety comes first.
""",
    check=_over_claim,
)

_WHO = (
    r"(?:he|him|they|men|man|fathers?|perpetrators?|offenders?|abusers?|people\swho\suse\sviolence)"
)
_CHANGE = re.compile(
    rf"""\bchange\ is\ (?:always\ |still\ )?possible\b
    | \b{_WHO}\b[^.!?;:]{{0,50}}?
      \b(?:can|could|do|does|did|will|have|has|able\ to|want\ to|learn\ to)\s(?:\w+\s)?
      (?:change[ds]?|stop(?:ped)?\ (?:using|being|their|his))\b
    | \b{_WHO}\s(?:who\s)?(?:have\s|has\s)?(?:changed|chang(?:e|es))\b
    | \b(?:stop|stopped|stopping|give\ up|gave\ up)\ (?:using\ )?(?:his\ |their\ )?violence\b
    | \bchang(?:e|ed|es|ing)\ (?:his|their|men[’']s)\ (?:own\ )?(?:behaviou?r|ways?|lives|life)\b
    | \bbehaviou?r\ change\b | \bbec(?:o|a)me\ non-?violent\b
    | \b(?:learn|learnt|learned|live|living)\ (?:to\ live\ )?without\ (?:using\ )?violence\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_SAFE = re.compile(
    r"\b(?:un)?safe(?:r|st|ly|ty)?\b|\bsurvivors?\b|\bsupport\w*|\brisks?\b", re.IGNORECASE
)
_ANSWER = re.compile(
    r"\bresponsib\w+|\baccountab\w+|\banswer(?:s|ed|ing|able)?\s(?:for|to)\b|\bexcus\w+"
    r"|\bconsequences\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=REMEMBERED)
def _speaks_of_change(text: str) -> bool:
    return _CHANGE.search(text) is not None


def _unframed(campaign: Campaign, _: date) -> Iterator[Found]:
    for post in campaign.posts.values():
        said = list(texts(campaign, post)) if english(post) else []
        speaking = next((text for text in said if _speaks_of_change(text.own)), None)
        if speaking is None:
            continue
        everything = " ".join([*(text.words for text in said), *_shown(post)])
        missing = []
        if not _SAFE.search(everything):
            missing.append("the safety of those who live with the violence")
        if not _ANSWER.search(everything):
            missing.append("who is responsible for it")
        if missing:
            yield Found(
                path=speaking.path,
                message="it says that change is possible, and nothing about "
                f"{' or '.join(missing)}",
                posts=(post.id,),
            )


def _shown(post: Post) -> Iterator[str]:
    """What others say on its cards."""
    for slide in post.slides:
        match slide.content:
            case QuoteContent():
                yield slide.content.words
            case StatisticContent():
                yield slide.content.fact.statement


CHANGE_WITHOUT_SAFETY = Lint(
    code="change-without-safety",
    severity=Severity.WARNING,
    title="Change is called possible, without safety or without responsibility",
    reason="WWP European Network's guidelines put the safety of victims first, and hold whoever "
    "was violent accountable. “Change is possible” alone sounds like a reason to wait for him.",
    hint="add a sentence on her safety (safe, support, survivors) and one on his responsibility "
    "(responsible, accountable, answers for it, no excuse)",
    fails="""\
posts:
  begin:
    text: Men who use violence can change. Change is possible, and it begins today.
    graphic: {headline: Change is possible, points: []}
    alt: "A text card. Headline: Change is possible."
""",
    passes="""\
posts:
  begin:
    text: Change is possible, never promised. He answers for what he did. Her safety comes first.
    graphic: {headline: Change is possible, points: []}
    alt: "A text card. Headline: Change is possible."
""",
    check=_unframed,
)

# ── blame ─────────────────────────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=REMEMBERED)
def _blamed(language: str, text: str) -> tuple[tuple[Entry, str], ...]:
    return tuple(glossary(language).found(text))


def _blaming(campaign: Campaign, _: date) -> Iterator[Found]:
    for post in campaign.posts.values():
        listed = glossary(post.language)
        for text in texts(campaign, post) if listed.entries else ():
            for entry, words in _blamed(post.language, text.own):
                yield Found(
                    path=text.path,
                    message=f"“{shortened(words, 40)}”: {entry.why}",
                    posts=(post.id,),
                    hint=f"{entry.say} ({entry.source})",
                )


VICTIM_BLAMING = Lint(
    code="victim-blaming",
    severity=Severity.WARNING,
    title="Words that blame those who were hurt, or excuse whoever was violent",
    reason="Language decides who seems responsible. The glossary is a list of phrases with the "
    "guidance that advises against each; it lies in the folder linting/glossary, one file a "
    "language. Words that are quoted exactly are left alone.",
    hint="name who was violent and what he did",
    fails="""\
posts:
  begin:
    text: Why didn’t she leave? He answers for what he does, and her safety comes first.
""",
    passes="""\
posts:
  begin:
    text: Why does he not stop? He answers for what he does, and her safety comes first.
""",
    check=_blaming,
)

# ── content notes ─────────────────────────────────────────────────────────────────────────────────

#: By language; the last entry stands in all of them, as the word is nearly the same everywhere.
_EXPLICIT = {
    "en": r"kill(?:s|ed|ing|ings)|murder\w*|homicides?|rape[ds]?|raping|rapists?|strangl\w+|stabbed"
    r"|stabbings?|beaten\sto\sdeath",
    "de": r"getötet\w*|tötet\w*|tötung\w*|ermord\w+|mord(?:e|es)?|vergewaltig\w+|erwürg\w+"
    r"|erstoch\w+",
    "it": r"uccis[aeio]|uccid\w+|uccision[ei]|assassin\w+|omicidi\w*|stupr\w+|strangol\w+",
    "fr": r"tuée?s?|tuer|meurtres?|assassin\w+|viols?|violée?s?|étrangl\w+",
    "": r"fem(?:i|ini|mini)[cz]id\w*|feminicíd\w*|féminicides?",
}
_KILLING = {
    language: re.compile(rf"\b(?:{words}|{_EXPLICIT['']})\b", re.IGNORECASE)
    for language, words in _EXPLICIT.items()
}
_ANY = re.compile(rf"\b(?:{_EXPLICIT['']})\b", re.IGNORECASE)


def _explicit(post: Post) -> re.Pattern[str]:
    return _KILLING.get(post.language.partition("-")[0] or "-", _ANY)


@lru_cache(maxsize=REMEMBERED)
def _spoken_of(explicit: re.Pattern[str], text: str) -> str:
    match = explicit.search(text)
    return match[0] if match else ""


def _unnoted(campaign: Campaign, _: date) -> Iterator[Found]:
    for post in campaign.posts.values():
        if post.note:
            continue
        said = [(text.path, text.words) for text in texts(campaign, post)]
        said += [(("posts", post.id), words) for words in _shown(post)]
        for path, words in said:
            if explicit := _spoken_of(_explicit(post), words):
                yield Found(
                    path=path,
                    message=f"it speaks of “{explicit}”, and the post has no content note",
                    posts=(post.id,),
                )
                break


CONTENT_NOTE_MISSING = Lint(
    code="content-note-missing",
    severity=Severity.WARNING,
    title="Killing or rape is spoken of, without a content note",
    reason="A short factual note lets readers choose their moment. It does not make detail "
    "harmless: research on such warnings (Bridgland, Jones and Bellet 2023) finds no less "
    "distress. So leave out detail as well, and put a line to help next to it.",
    hint="add note: in a few factual words, such as “Mentions killing of women”",
    fails="""\
posts:
  begin:
    text: She was killed by her husband. He answers for what he did, and safety comes first.
""",
    passes="""\
posts:
  begin:
    note: Mentions the killing of a woman
    text: She was killed by her husband. He answers for what he did, and safety comes first.
""",
    check=_unnoted,
)

# ── length ────────────────────────────────────────────────────────────────────────────────────────

_LONGEST = 25
_LETTER = re.compile(r"\w")


def _counted(sentence: str) -> int:
    """Its words. A dash between blanks is none, and "(ex-)partner" is one."""
    written = sentence.split()
    if len(written) <= _LONGEST:
        return len(written)
    return sum(_LETTER.search(word) is not None for word in written)


def _long_sentence(campaign: Campaign, _: date) -> Iterator[Found]:
    for post in campaign.posts.values():
        # Alt texts copy what stands on a card, sources and all: their length is not theirs.
        for text in (*captions(campaign, post), *card_texts(campaign, post)):
            for sentence in sentences(text.own):
                if (count := _counted(sentence)) > _LONGEST:
                    yield Found(
                        path=text.path,
                        message=f"a sentence of {count} words: “{shortened(sentence, 40)}”",
                        posts=(post.id,),
                    )


LONG_SENTENCE = Lint(
    code="long-sentence",
    severity=Severity.WARNING,
    title=f"A sentence of more than {_LONGEST} words",
    reason="Many readers use their second language, a small screen or a screen reader. 25 words "
    "are what plain-language guides allow (Mole Valley District Council).",
    hint="make two sentences of it",
    fails="""\
posts:
  begin:
    text: >-
      There is no excuse for violence, not stress and not alcohol and not jealousy, because he
      decides what he does and he alone must answer for it, and her safety comes first.
""",
    passes="""\
posts:
  begin:
    text: >-
      There is no excuse for violence: not stress, not alcohol, not jealousy. He decides what he
      does, and he alone must answer for it. Her safety comes first.
""",
    check=_long_sentence,
)
