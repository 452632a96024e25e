"""Two amounts of the same thing at two times: two bars from one zero, and an arrow between them."""

from __future__ import annotations

from scheduler.cards.charting.bars import LEAST_BAR, bar, length
from scheduler.cards.charting.placing import Look, disc, label, sized, slab, widest
from scheduler.cards.errors import DoesNotFit, MissingGlyph
from scheduler.cards.marks import PHASES, Disc, Mark, Slab, Words
from scheduler.cards.typefaces import Face, characters, faces, font, units
from scheduler.model import Chart, Value

# All in sizes of the labels' letters.
#: The figures at the bars' ends.
_FIGURE = 1.7
#: From the top of a label's capitals to its bar, and from a bar to the capitals below it.
_ABOVE = 1.3
_BELOW = 0.55
_CAPITALS = 0.73
#: Between the bars: the arrow's height.
_BETWEEN = 1.15
_HEAD = 0.62
_LEAST, _MOST = 1.2, 2.4
#: What is closer together than this needs no arrow, which would be longer than the way.
_SHORTEST = 0.9


def height(chart: Chart, look: Look) -> float:  # noqa: ARG001 (as all kinds are asked)
    return min(
        max(look.height, look.text * (_around() + 2 * _LEAST)), look.text * (_around() + 2 * _MOST)
    )


def _around() -> float:
    """All but the two bars."""
    return _ABOVE + _BETWEEN + _BELOW + _CAPITALS


def marks(chart: Chart, look: Look) -> list[Mark]:
    before, after = chart.values
    size = round(look.text * _FIGURE)
    shown = [before.shown, after.shown]
    room = look.width - (widest(shown, look, 750, "display") + 0.4) * size
    if room < look.width * LEAST_BAR:
        raise DoesNotFit(
            "the figures beside the bars leave no room for the bars; shorten them", "chart"
        )
    most = max(before.amount, after.amount)
    thick = (look.height - look.text * _around()) / 2
    first = look.top + look.text * _ABOVE
    second = first + thick + look.text * _BETWEEN
    ends = [look.left + length(value.amount, most, room) for value in chart.values]
    return [
        *_name(before, look, look.top),
        *_row(before, look, (first, ends[0], thick), look.rest),
        *_arrow(look, ends, first + thick + look.text * _BETWEEN / 2),
        *_row(after, look, (second, ends[1], thick), look.lit),
        *_zero(look, first, second + thick),
        *_name(after, look, second + thick + look.text * _BELOW),
    ]


def _name(value: Value, look: Look, top: float) -> list[Mark]:
    return sized(label(value.label, look, 500), look, look.text, look.left, top)


def _row(value: Value, look: Look, place: tuple[float, float, float], colour: str) -> list[Mark]:
    top, end, thick = place
    size = round(look.text * _FIGURE)
    middle = top + thick / 2 - size * _CAPITALS / 2
    written = label(value.shown, look, 750, family="display")
    return [
        *bar(look, (look.left, top, end, top + thick), colour),
        *sized(written, look, size, end + size * 0.3, middle),
    ]


def _zero(look: Look, top: float, bottom: float) -> list[Mark]:
    """Where both bars begin."""
    wide = max(2.0, look.text * 0.08)
    return [slab(look, Slab(look.left, top, look.left + wide, bottom, look.ink))]


def _arrow(look: Look, ends: list[float], y: float) -> list[Mark]:
    """From where it was to where it is."""
    start, end = ends
    if abs(end - start) < look.text * _SHORTEST:
        return []
    thick = max(2, round(look.text * 0.09))
    top = round(y - thick / 2)
    # The shaft ends inside the head, which is as wide as it is high.
    inside = end + (look.text * _HEAD / 2 if end < start else -look.text * _HEAD / 2)
    left, right = sorted((start, inside))
    middle = top + thick / 2
    return [
        slab(look, Slab(left, top, right, top + thick, look.ink)),
        disc(look, Disc(start, middle, look.text * 0.16, look.ink)),
        _head(look, end, middle, onwards=end > start),
    ]


def _head(look: Look, tip: float, middle: float, *, onwards: bool) -> Words:
    """The arrow's head, from a font, since none of our shapes has three corners."""
    rightwards = onwards != look.from_right
    face, glyph = _glyph("▶" if rightwards else "◀")
    extents = font(face).get_glyph_extents(glyph)
    em = units(face)
    size = round(look.text * _HEAD * em / abs(extents.height))
    near, far = extents.x_bearing, extents.x_bearing + extents.width
    x = look.start(tip, 0) - (far if rightwards else near) * size / em
    baseline = middle + (extents.y_bearing + extents.height / 2) * size / em
    return Words(
        slot="",
        face=face,
        size=size,
        colour=look.ink,
        ids=(glyph,),
        xs=(round(x * PHASES),),
        ys=(round(baseline),),
    )


def _glyph(character: str) -> tuple[Face, int]:
    for face in faces("text", 500):
        if ord(character) in characters(face):
            return face, font(face).get_nominal_glyph(ord(character))
    raise MissingGlyph(character, character, "chart")
