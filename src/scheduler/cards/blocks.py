"""A template's blocks, with what a card says in them: as items that have a height."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scheduler.cards import charting
from scheduler.cards.errors import BadText
from scheduler.cards.frame import Frame
from scheduler.cards.items import (
    POINT,
    ChartItem,
    Item,
    LightsItem,
    PairItem,
    PointsItem,
    RuleItem,
    SpringItem,
    TextItem,
    eased,
)
from scheduler.cards.quoting import marks
from scheduler.cards.setting import copy, loosened
from scheduler.cards.templates import (
    Area,
    Block,
    ChartArea,
    Lights,
    Points,
    Rule,
    Shape,
    Spring,
    Text,
)
from scheduler.model import DAYS, Card, Chart, ChartKind

#: From this size on a text's letters are asked how far they reach.
_LARGE = 150
#: The least size of a figure that has signs beside it.
_LEAST_PAIR = 180
_LEAST_PAIR_WIDE = 76


def is_used(card: Card, area: Area) -> bool:
    """Whether the card has anything to show in the area, and the area is meant for such a card."""
    labelled = card.chart is not None and _is_labelled(card.chart)
    if area.when in {"never", "unlabelled" if labelled else "labelled"}:
        return False
    return any(
        (isinstance(block, Text) and said(card.texts, block.slot))
        or (isinstance(block, Points) and card.points)
        or (isinstance(block, ChartArea) and card.chart)
        or isinstance(block, Lights)
        for block in area.blocks
    )


def _is_labelled(chart: Chart) -> bool:
    """Whether words stand in the chart, which need width."""
    named = any(value.shown or value.label for value in chart.values)
    return chart.kind is not ChartKind.PICTOGRAM and named


def items_of(card: Card, area: Area, frame: Frame, width: float) -> list[Item]:
    """The blocks that have something to show."""
    items: list[Item] = []
    joined = {block.also for block in area.blocks if isinstance(block, Text)}
    for block in area.blocks:
        if isinstance(block, Text) and block.slot in joined:
            continue  # it stands in the paragraph of another
        item = _item(card, block, frame, width)
        if item is not None:
            items.append(item)
    kept = [
        item
        for number, item in enumerate(items)
        if not isinstance(item, RuleItem) or _shows(items[number + 1 : number + 2])
    ]
    return _paired(kept)


def _paired(items: Sequence[Item]) -> list[Item]:
    """A small chart stands beside its figure, where both stay large."""
    paired: list[Item] = []
    for item in items:
        before = paired[-1] if paired else None
        if (
            isinstance(item, ChartItem)
            and isinstance(before, TextItem)
            and charting.beside(item.chart, 1.0)
        ):
            pair = PairItem(figure=before, chart=item)
            least = _LEAST_PAIR_WIDE if before.frame.shape is Shape.WIDE else _LEAST_PAIR
            if pair.limit() >= before.frame.px(least) and len(before.copy.parts) == 1:
                paired[-1] = pair
                continue
        paired.append(item)
    return paired


def _shows(items: Sequence[Item]) -> bool:
    return any(not isinstance(item, SpringItem) for item in items)


def _item(card: Card, block: Block, frame: Frame, width: float) -> Item | None:
    match block:
        case Text():
            text = _paragraph(card, block)
            return text_item(block, text, frame, width, _keep(block, card)) if text else None
        case Points():
            points = tuple(point for point in card.points if point.strip())
            return _points(block, points, frame, width) if points else None
        case ChartArea():
            return _chart(block, card, frame, width)
        case Lights():
            return LightsItem(block=block, day=day_of(card), frame=frame, width=width)
        case Rule():
            return RuleItem(block=block, frame=frame, width=width)
        case Spring():
            return SpringItem(weight=block.weight, least=frame.px(block.least))


def _paragraph(card: Card, block: Text) -> str:
    """The block's text, and the one that goes on in the same paragraph, as sentences."""
    first, also = said(card.texts, block.slot), said(card.texts, block.also)
    if not first or not also:
        return first or also
    return f"{first}{'' if first[-1] in _ENDS else '.'} {also}"


#: What ends a sentence, in Latin, Greek, Cyrillic and Arabic.
_ENDS = ".!?…;:؟"


def _keep(block: Text, card: Card) -> int:
    return block.keep_charted if card.chart else block.keep


def text_item(block: Text, said: str, frame: Frame, width: float, keep: int = 0) -> TextItem:
    written = copy(
        block.slot,
        said,
        fonts=frame.fonts,
        family=block.face,
        weight=block.weight,
        language=frame.language,
        leading=block.leading,
        lines=block.lines,
        tracking=block.tracking,
        keep=keep,
        quotation=marks(frame.language) if block.quoted else ("", ""),
        large=block.most >= _LARGE,
    )
    least, most = _sizes(block, frame, block.slot)
    written, limit = loosened(written, least, most, width)
    return TextItem(block=block, copy=written, frame=frame, width=width, limit=limit)


def _points(block: Points, said: Sequence[str], frame: Frame, width: float) -> PointsItem:
    inner = width - frame.px(POINT)
    copies = tuple(
        copy(
            "points",
            point,
            fonts=frame.fonts,
            family=block.face,
            weight=block.weight,
            language=frame.language,
            leading=block.leading,
            lines=block.lines,
        )
        for point in said
    )
    least, most = _sizes(block, frame, "points")
    copies, limits = zip(*[loosened(each, least, most, inner) for each in copies], strict=True)
    return PointsItem(block=block, copies=copies, frame=frame, width=inner, limit=min(limits))


def _sizes(block: Text | Points, frame: Frame, slot: str) -> tuple[int, int]:
    """The least and the greatest size of letters that the block may have."""
    least, most = frame.letters(eased(block, 0.0)), frame.letters(eased(block, 1.0))
    return least, max(least, min(most, dict(frame.largest).get(slot, most)))


def _chart(block: ChartArea, card: Card, frame: Frame, width: float) -> ChartItem | None:
    if card.chart is None:
        return None
    charting.check(card.chart)
    figure = said(card.texts, "figure")
    return ChartItem(block=block, chart=card.chart, figure=figure, frame=frame, width=width)


def day_of(card: Card) -> int:
    """The card's day; 0 where it has none."""
    day = said(card.texts, "day")
    if not day:
        return 0
    if not day.isdecimal() or not 1 <= int(day) <= DAYS:
        raise BadText(f"the day is a number from 1 to {DAYS}, not “{day}”", "day")
    return int(day)


def said(texts: Mapping[str, str], slot: str) -> str:
    return texts.get(slot, "").strip()
