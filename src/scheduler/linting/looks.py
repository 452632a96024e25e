"""Alt texts, colours and letters: what people who see, hear or touch a post make of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise

from scheduler.cards import contrast
from scheduler.errors import Severity
from scheduler.linting.findings import Found, Lint
from scheduler.linting.speaking import REMEMBERED, Text, shortened, slides, texts
from scheduler.model import (
    CallContent,
    Campaign,
    Chart,
    Content,
    GraphicContent,
    OpenerContent,
    PhotoContent,
    Post,
    QuoteContent,
    StatisticContent,
)

# ── alt texts ─────────────────────────────────────────────────────────────────────────────────────

_PICTURE_OF = re.compile(
    r"""\W*(?:
      (?:an?\s+|the\s+|this\s+)?(?:image|picture|photo|photograph|graphic)
        (?:\s+(?:of|showing|shows|that\s+shows|which\s+shows|depicting|with)\b|\s*:)
    | (?:ein(?:e|en)?\s+|das\s+|die\s+)?(?:bild|foto|fotografie|grafik|abbildung)
        (?:\s+(?:von|vom|mit|zeigt|einer|eines|des|der|das|die)\b|\s*:)
    | (?:un[ao’']?\s*|l[’']|la\s+)?(?:immagine|foto|fotografia|grafica)
        (?:\s+(?:di|del|della|dei|delle|che|con)\b|\s*:)
    | (?:une?\s+|l[’']|la\s+)?(?:image|photo|photographie|illustration)
        (?:\s+(?:de|du|des|montrant|qui|avec)\b|\s+d[’']|\s*:)
    | (?:una?\s+|la\s+)?(?:imagen|foto|fotografía|gráfico)
        (?:\s+(?:de|del|que|con)\b|\s*:)
    )""",
    re.IGNORECASE | re.VERBOSE,
)


def _picture_of(campaign: Campaign, _: date) -> Iterator[Found]:
    for post in campaign.posts.values():
        for path, slide in slides(campaign, post):
            if match := _PICTURE_OF.match(slide.alt):
                yield Found(
                    path=(*path, "alt"),
                    message=f"the alt text begins with “{match[0].strip()}”",
                    posts=(post.id,),
                )


ALT_PICTURE_OF = Lint(
    code="alt-picture-of",
    severity=Severity.ERROR,
    title="The alt text begins with “image of” or “picture of”",
    reason="Screen readers say by themselves that there is an image. People who listen hear it "
    "twice, before they hear what it shows (accessibility guide of Oxford University).",
    hint="begin with what the picture shows, and write every word that stands on it",
    fails="""\
posts:
  begin:
    alt: "Picture of a text card. Headline: No excuse. One point: He answers for what he does."
""",
    passes="""\
posts:
  begin:
    alt: "A text card. Headline: No excuse. One point: He answers for what he does."
""",
    check=_picture_of,
)

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+")
_NUMBERS = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5",
    "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10",
}  # fmt: skip
#: The share of neighbouring words of a card that must be neighbours in alt or caption too: one
#: word may be missing in five, but the same words all over a long caption are not the headline.
_ENOUGH = 0.5


@lru_cache(maxsize=REMEMBERED)
def _tokens(text: str) -> tuple[str, ...]:
    return tuple(_NUMBERS.get(word, word) for word in _TOKEN.findall(text.casefold()))


def _on_card(content: Content) -> tuple[str, ...]:
    match content:
        case QuoteContent():
            return (content.words, content.quote.speaker)
        case StatisticContent():
            return (content.fact.figure, content.fact.statement, *_on_chart(content.fact.chart))
        case GraphicContent():
            return (content.headline, *content.points)
        case CallContent() | OpenerContent():
            return tuple(filter(None, (content.headline, content.body)))
        case PhotoContent():
            return (content.headline,)


def _on_chart(chart: Chart | None) -> Iterator[str]:
    """The names and figures that are written on a chart."""
    for value in chart.values if chart else ():
        yield from (text for text in (value.label, value.shown) if text)


@dataclass(frozen=True, slots=True)
class _Said:
    """Alt text and caption, for looking words up."""

    line: str
    words: frozenset[str]
    #: Words next to each other, or with one word in between.
    pairs: frozenset[tuple[str, str]]

    def lacks(self, piece: str) -> bool:
        """Whether too many of a card's words, or any of its numbers, are missing."""
        wanted = _tokens(piece)
        if " ".join(wanted) in self.line:
            return False
        if any(word[0].isdigit() and word not in self.words for word in wanted):
            return True
        pairs = list(pairwise(wanted))
        if not pairs:
            return wanted[0] not in self.words
        return sum(pair in self.pairs for pair in pairs) < _ENOUGH * len(pairs)


@lru_cache(maxsize=REMEMBERED)
def _lacking(alt: str, caption: str, pieces: tuple[str, ...]) -> tuple[str, ...]:
    said = _said(alt, caption)
    return tuple(piece for piece in pieces if said.lacks(piece))


def _said(alt: str, caption: str) -> _Said:
    tokens = [*_tokens(alt), "/", *_tokens(caption)]
    return _Said(
        line=" ".join(tokens),
        words=frozenset(tokens),
        pairs=frozenset(pairwise(tokens)) | frozenset(zip(tokens, tokens[2:], strict=False)),
    )


def _lacks_words(campaign: Campaign, _: date) -> Iterator[Found]:
    for post in campaign.posts.values():
        for path, slide in slides(campaign, post):
            missing = _lacking(slide.alt, post.text, _on_card(slide.content))
            if missing:
                more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
                yield Found(
                    path=(*path, "alt"),
                    message="words of the card stand neither in the alt text nor in the caption: "
                    f"“{shortened(missing[0])}”{more}",
                    posts=(post.id,),
                )


ALT_LACKS_WORDS = Lint(
    code="alt-lacks-words",
    severity=Severity.WARNING,
    title="Words of the card stand neither in the alt text nor in the caption",
    reason="Whoever does not see the card gets only the alt text and the caption. What is "
    "important in a picture must stand there too (UMass Dartmouth), word for word where the "
    "picture is text (Oxford University).",
    hint="copy the card's words into the alt text: headline, points, figure, chart, quotation, "
    "speaker",
    fails="""\
posts:
  begin:
    text: Day one. Her safety comes first.
    alt: "A text card. Headline: No excuse."
""",
    passes="""\
posts:
  begin:
    text: Day one. Her safety comes first.
    alt: "A text card. Headline: No excuse. One point: He answers for what he does."
""",
    check=_lacks_words,
)

# ── colours ───────────────────────────────────────────────────────────────────────────────────────

#: WCAG 2.2, 1.4.3: https://www.w3.org/TR/WCAG22/#contrast-minimum
_LEAST = 4.5
_PAIRS = (("ink", "paper"), ("on_dark", "accent"), ("on_dark", "ground"))


def _low_contrast(campaign: Campaign, _: date) -> Iterator[Found]:
    colours = campaign.brand.colours
    for text, ground in _PAIRS:
        ratio = contrast(getattr(colours, text), getattr(colours, ground))
        if ratio < _LEAST:
            yield Found(
                path=("brand", "colours", text if ground == "paper" else ground),
                # Rounded down: 4.49 must not be told as 4.5.
                message=f"{text} on {ground} has a contrast of {int(ratio * 100) / 100:.2f} to 1; "
                f"text needs {_LEAST} to 1",
                posts=tuple(campaign.posts),
            )


LOW_CONTRAST = Lint(
    code="low-contrast",
    severity=Severity.ERROR,
    title="Text in the brand's colours is hard to read",
    reason="Below 4.5 to 1 many people cannot read a card, on a telephone in the sun nobody can "
    "(WCAG 2.2, 1.4.3). White text on every usual campaign orange fails: #F26522 has 3.15 to 1.",
    hint="choose a darker or a lighter colour; an orange that carries white text is #C2410C",
    fails="""\
brand:
  colours: {on_dark: "#FFFFFF", accent: "#F58220"}
""",
    passes="""\
brand:
  colours: {on_dark: "#FFFFFF", accent: "#C2410C"}
""",
    check=_low_contrast,
)

# ── letters ───────────────────────────────────────────────────────────────────────────────────────


def _all_texts(campaign: Campaign) -> Iterator[tuple[Post, Text]]:
    for post in campaign.posts.values():
        for text in texts(campaign, post):
            yield post, text


_FAKE = re.compile("[\U0001d400-\U0001d7ff\U0001f130-\U0001f189\u24b6-\u24e9\uff21-\uff5a]+")


def _fake_bold(campaign: Campaign, _: date) -> Iterator[Found]:
    for post, text in _all_texts(campaign):
        if not text.words.isascii() and (match := _FAKE.search(text.words)):
            yield Found(
                path=text.path,
                message=f"“{shortened(match[0], 20)}” is written in mathematical or enclosed signs "
                "that only look like letters",
                posts=(post.id,),
            )


FAKE_BOLD = Lint(
    code="fake-bold",
    severity=Severity.WARNING,
    title="Signs that only look like bold or italic letters",
    reason="Screen readers spell such signs one by one (“mathematical bold capital s …”) or leave "
    "them out, and no search finds the word.",
    hint="write it in ordinary letters; captions have no bold",
    fails="""\
posts:
  begin:
    text: 𝗡𝗼 𝗲𝘅𝗰𝘂𝘀𝗲. He answers for what he does, and her safety comes first.
""",
    passes="""\
posts:
  begin:
    text: No excuse. He answers for what he does, and her safety comes first.
""",
    check=_fake_bold,
)

_SIGN = "[\U0001f300-\U0001faff\u2600-\u26ff\u2702-\u270d\u2728\u2733\u2747-\u2764\u2b50\u2b55]"
_MODIFIED = f"{_SIGN}[\ufe0f\U0001f3fb-\U0001f3ff]*"
_EMOJI = re.compile(f"[\U0001f1e6-\U0001f1ff]{{2}}|{_MODIFIED}(?:\u200d{_MODIFIED})*")
_MOST_EMOJI = 3


def _emoji_many(campaign: Campaign, _: date) -> Iterator[Found]:
    for post, text in _all_texts(campaign):
        # Nearly every text ends here, without the expression being tried at each letter.
        if not text.words.isascii() and (count := len(_EMOJI.findall(text.words))) > _MOST_EMOJI:
            yield Found(
                path=text.path,
                message=f"{count} emoji in one text; {_MOST_EMOJI} are plenty",
                posts=(post.id,),
            )


EMOJI_MANY = Lint(
    code="emoji-many",
    severity=Severity.WARNING,
    title="Many emoji in one text",
    reason="A screen reader says the name of each one. Few, at the end of the text, are bearable.",
    hint="keep one or two, at the end",
    fails="""\
posts:
  begin:
    text: No excuse. 🧡🧡🧡🧡 He answers for what he does, and her safety comes first.
""",
    passes="""\
posts:
  begin:
    text: No excuse. He answers for what he does, and her safety comes first. 🧡
""",
    check=_emoji_many,
)

#: Acronyms that people know as such; those of the calendar's own sources are added to them.
_ACRONYMS = frozenset(
    {"CAPVA", "CEDAW", "CERV", "DEVAW", "FNACAV", "GREVIO", "IMPACT", "ISTAT", "LGBTI", "LGBTIQ",
     "LGBTQ", "LGBTQI", "LGBTQIA", "NATO", "OHCHR", "PACE", "PROTEAS", "SPAVO", "UNESCO", "UNFPA",
     "UNHCR", "UNICEF", "UNODC", "WAGGGS"}
)  # fmt: skip
_CAPITALS = re.compile(r"[^\W\d_]{2,}")
_NAMES = re.compile(r"#\w+|https?://\S+")
_LONG_WORD = 5
_RUN = 3


def _known_acronyms(campaign: Campaign) -> frozenset[str]:
    """Words that names in this calendar write in capitals, next to those that everybody knows."""
    names = [campaign.title, campaign.brand.name, campaign.brand.funder]
    for fact in campaign.facts.values():
        names += [fact.source.publisher, fact.source.title, fact.figure, fact.population]
    for quote in campaign.quotes.values():
        names += [quote.speaker, quote.role, quote.source.publisher, quote.source.title]
    found = (word for name in names for word in _CAPITALS.findall(name))
    return _ACRONYMS | {word for word in found if word.isupper()}


@lru_cache(maxsize=REMEMBERED)
def _shouted(text: str, known: frozenset[str]) -> str:
    """The first word of five letters, or the first three in a row, in capitals; or ""."""
    run: list[str] = []
    for word in map(str, _CAPITALS.findall(_NAMES.sub(" ", text))):
        if not word.isupper():
            run.clear()
            continue
        run.append(word)
        unknown = [one for one in run if one not in known]
        if len(word) >= _LONG_WORD and word not in known:
            return word
        if len(run) >= _RUN and len(unknown) > 1:
            return " ".join(run)
    return ""


def _all_capitals(campaign: Campaign, _: date) -> Iterator[Found]:
    known = _known_acronyms(campaign)
    for post, text in _all_texts(campaign):
        if shouted := _shouted(text.own, known):
            yield Found(path=text.path, message=f"“{shouted}” shouts", posts=(post.id,))


ALL_CAPITALS = Lint(
    code="all-capitals",
    severity=Severity.WARNING,
    title="Words in capitals only",
    reason="Capitals are slow to read, hard for people with dyslexia, and some screen readers "
    "spell them. Acronyms are left alone when they are well known, or written so in the sources.",
    hint="write it in ordinary letters; stress it by its place in the sentence",
    fails="""\
posts:
  begin:
    text: There is NO EXCUSE. He answers for what he does, and her safety comes first.
""",
    passes="""\
posts:
  begin:
    text: There is no excuse, UNODC says. He answers for it, and her safety comes first.
""",
    check=_all_capitals,
)
