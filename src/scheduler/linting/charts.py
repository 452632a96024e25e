"""Charts: every length is the figure beside it, and says when, or of whom."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from scheduler.errors import Severity
from scheduler.linting.figures import showing
from scheduler.linting.findings import Found, Lint
from scheduler.linting.speaking import shortened
from scheduler.model import Campaign, Chart, ChartKind, Fact, KeyPath, Value


def _charts(campaign: Campaign) -> Iterator[tuple[Fact, Chart, tuple[str, ...]]]:
    """Every chart that a post shows, with the posts."""
    for id_, posts in showing(campaign).items():
        fact = campaign.facts[id_]
        if fact.chart is not None:
            yield fact, fact.chart, posts


def _place(fact: Fact, chart: Chart, number: int) -> KeyPath:
    """Where a value of the chart is written."""
    if chart.kind is ChartKind.BEFORE_AFTER:
        return ("facts", fact.id, "chart", ("before", "after")[number])
    return ("facts", fact.id, "chart", "values", number)


# ── amounts ───────────────────────────────────────────────────────────────────────────────────────

_NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f ’']\d+)*")
#: A group of three digits after a sign that may mean thousands or a fraction.
_GROUP = re.compile(r"[.,\u00a0\u202f ’'](?=\d{3}(?:\D|$))")
#: Figures are rounded when they are written; what differs by more is another figure.
_ROUNDED = 0.02
_PER_CENT = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:%|٪)")
_ONE_POINT = 1.0


def _readings(text: str) -> frozenset[float]:
    """What the one number in it can mean: 1,200 is a thousand in one country, and one in another.

    Nothing where there is no number or more than one.
    """
    found = _NUMBER.findall(text)
    if len(found) != 1:
        return frozenset()
    plain = re.sub(r"[\u00a0\u202f ’']", "", found[0])
    # Nobody writes a thousand with a nought before it.
    whole = plain if found[0].startswith("0") else _GROUP.sub("", found[0])
    tried = {one.replace(",", ".") for one in (plain, whole)}
    return frozenset(float(one) for one in tried if one.count(".") <= 1)


def _unit(text: str) -> str:
    return " ".join(_NUMBER.sub("#", text).casefold().split())


def _is_other(value: Value, first: Value) -> bool:
    """Whether the two lengths stand in another proportion than the two figures beside them."""
    if _unit(value.shown) != _unit(first.shown):
        return False  # "€1 billion" and "€900 million": no length says what the words say
    pairs = [(a, b) for a in _readings(first.shown) for b in _readings(value.shown)]
    return bool(pairs) and not any(
        abs(a * value.amount - b * first.amount)
        <= _ROUNDED * max(a * value.amount, b * first.amount)
        for a, b in pairs
    )


def _amount(campaign: Campaign, _: date) -> Iterator[Found]:
    for fact, chart, posts in _charts(campaign):
        for number, value in enumerate(chart.values):
            first = chart.values[0]
            if _is_other(value, first):
                yield Found(
                    path=(*_place(fact, chart, number), "amount"),
                    message=f"it is drawn {value.amount:g} long, and “{first.shown}” is drawn "
                    f"{first.amount:g}: “{value.shown}” would have another length",
                    posts=posts,
                )
        if chart.kind is ChartKind.RING and _is_another_share(fact.figure, chart.values[0].amount):
            yield Found(
                path=("facts", fact.id, "chart", "share"),
                message=f"the ring shows {chart.values[0].amount:g}%, and the figure is "
                f"{fact.figure}",
                posts=posts,
                hint="write the share that the figure says",
            )


def _is_another_share(figure: str, share: float) -> bool:
    said = _PER_CENT.findall(figure)
    return len(said) == 1 and abs(float(said[0].replace(",", ".")) - share) >= _ONE_POINT


CHART_AMOUNT = Lint(
    code="chart-amount",
    severity=Severity.ERROR,
    title="A chart draws another number than the one that is written",
    reason="One digit too many, and a column is ten times as high as the figure above it says. "
    "Whoever notices will doubt the other fifteen days as well.",
    hint="write in amount the number that stands in shown, in the same unit for all",
    fails="""\
facts:
  women-2023:
    chart:
      kind: comparison
      values:
        - {label: Women in Africa, amount: "3", shown: "3.0"}
        - {label: Women in Europe, amount: "5", shown: "0.5"}
posts:
  count:
    alt: >-
      A statistic. 840 million women worldwide have experienced violence by a partner, or sexual
      violence by someone else. Women in Africa 3.0, women in Europe 0.5. WHO, 2023.
""",
    passes="""\
facts:
  women-2023:
    chart:
      kind: comparison
      values:
        - {label: Women in Africa, amount: "3", shown: "3.0"}
        - {label: Women in Europe, amount: "0.5", shown: "0.5"}
posts:
  count:
    alt: >-
      A statistic. 840 million women worldwide have experienced violence by a partner, or sexual
      violence by someone else. Women in Africa 3.0, women in Europe 0.5. WHO, 2023.
""",
    check=_amount,
)

# ── times ─────────────────────────────────────────────────────────────────────────────────────────


def _times(campaign: Campaign, _: date) -> Iterator[Found]:
    for fact, chart, posts in _charts(campaign):
        if chart.kind is not ChartKind.BEFORE_AFTER:
            continue
        for number, value in enumerate(chart.values):
            if not any(letter.isdigit() for letter in value.label):
                yield Found(
                    path=(*_place(fact, chart, number), "label"),
                    message=f"“{shortened(value.label)}” does not say when",
                    posts=posts,
                )


CHART_TIMES = Lint(
    code="chart-times",
    severity=Severity.WARNING,
    title="A before and after that does not say when",
    reason="“Before” and “after” can be a month or thirty years apart, and cards travel without "
    "their captions. A change without its two times cannot be checked, and looks like a boast.",
    hint='write the year, or how long after: "2019", "before it began, 2009", "12 months later"',
    fails="""\
facts:
  women-2023:
    chart:
      kind: before-after
      before: {label: "2009, before it began", amount: "61", shown: 61%}
      after: {label: Afterwards, amount: "2", shown: 2%}
posts:
  count:
    alt: >-
      A statistic. 840 million women worldwide have experienced violence by a partner, or sexual
      violence by someone else. 61% in 2009, before it began; 2% afterwards. WHO, 2023.
""",
    passes="""\
facts:
  women-2023:
    chart:
      kind: before-after
      before: {label: "2009, before it began", amount: "61", shown: 61%}
      after: {label: 12 months later, amount: "2", shown: 2%}
posts:
  count:
    alt: >-
      A statistic. 840 million women worldwide have experienced violence by a partner, or sexual
      violence by someone else. 61% in 2009, before it began; 2% 12 months later. WHO, 2023.
""",
    check=_times,
)

# ── populations ───────────────────────────────────────────────────────────────────────────────────

_WORD = re.compile(r"[^\W\d_]{2,}")
#: What stands for "somebody" in a label, in the languages of the campaigns that we know.
_NOBODY = frozenset({
    "group", "groups", "population", "sample", "cohort", "others", "other",
    "gruppe", "andere", "gruppo", "altri", "groupe", "autres", "grupo", "otros",
})  # fmt: skip


def _populations(campaign: Campaign, _: date) -> Iterator[Found]:
    for fact, chart, posts in _charts(campaign):
        if chart.kind is not ChartKind.COMPARISON:
            continue
        for number, value in enumerate(chart.values):
            words = {word.casefold() for word in _WORD.findall(value.label)}
            if not words - _NOBODY:
                yield Found(
                    path=(*_place(fact, chart, number), "label"),
                    message=f"“{shortened(value.label)}” does not say who was counted",
                    posts=posts,
                )


CHART_POPULATIONS = Lint(
    code="chart-populations",
    severity=Severity.WARNING,
    title="A comparison that does not say of whom",
    reason="Columns side by side invite to compare. “Group A” and “group B” let everybody think of "
    "whom they like, and figures about one group of people are soon used against it.",
    hint="name who was counted: “Women in the EU, 18 to 74”; for two times write before-after",
    fails="""\
facts:
  women-2023:
    chart:
      kind: comparison
      values:
        - {label: Women in Africa, amount: "3", shown: "3.0"}
        - {label: Group 2, amount: "0.5", shown: "0.5"}
posts:
  count:
    alt: >-
      A statistic. 840 million women worldwide have experienced violence by a partner, or sexual
      violence by someone else. Women in Africa 3.0, group 2 0.5. WHO, 2023.
""",
    passes="""\
facts:
  women-2023:
    chart:
      kind: comparison
      values:
        - {label: Women in Africa, amount: "3", shown: "3.0"}
        - {label: Women in Europe, amount: "0.5", shown: "0.5"}
posts:
  count:
    alt: >-
      A statistic. 840 million women worldwide have experienced violence by a partner, or sexual
      violence by someone else. Women in Africa 3.0, women in Europe 0.5. WHO, 2023.
""",
    check=_populations,
)
