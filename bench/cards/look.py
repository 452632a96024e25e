"""What stands where on the card, as all other engines draw it: our own, measured with a ruler.

They draw a little less than we do, never more: lines are wrapped without being balanced, no mark
hangs in the margin, and nobody asks whether a colour can be read on its ground or whether a font
has the letters.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from scheduler.model import Brand, Colours, Size

CHECKOUT = Path(__file__).parents[2]
SIZE = Size(width=1080, height=1350)
QUALITY = 90
BRAND = Brand(
    name="European Network for the Work with Perpetrators",
    hashtag="#ResponsibleTogether",
    colours=Colours(
        paper="#FFF6EC", ink="#24163A", accent="#C2410C", ground="#3B1A5A", on_dark="#FFF6EC"
    ),
    help="Find help in your country",
    logo=CHECKOUT / "assets" / "logos" / "germany.png",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Type:
    """How a text is set: `face` is a name of `faces.FACES`; size in pixels, leading in em."""

    face: str
    size: int
    colour: str
    leading: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Pixels from the card's top left corner."""

    width: int = SIZE.width
    height: int = SIZE.height
    quality: int = QUALITY
    margin: int = 84
    #: What the words, and who says them, may fill from top to bottom; all lines within `measure`.
    top: int = 150
    floor: int = 1130
    measure: int = 912
    #: The white above and below the words, at the least.
    white: int = 34
    gradient: tuple[str, str] = ("#3b1a5a", "#2e1848")
    least: int = 38
    most: int = 124
    kicker: Type = Type(face="text600", size=31, colour="#ee6a3e", leading=1.3)
    words: Type = Type(face="serif600", size=0, colour="#fff6ec", leading=1.16)
    speaker: Type = Type(face="display700", size=37, colour="#fff6ec", leading=1.2)
    role: Type = Type(face="text450", size=30, colour="#ebe0dd", leading=1.3)
    source: Type = Type(face="text450", size=27, colour="#c8b8c3", leading=1.3)
    #: The white above who says it, in which capacity, and where.
    gaps: tuple[int, int, int] = (26, 8, 10)
    rule: tuple[int, int, str] = (96, 6, "#ee6a3e")
    #: The sixteen marks: left, step, width, top, height, height of today's.
    row: tuple[int, float, int, int, int, int] = (84, 57.625, 48, 67, 10, 34)
    row_colours: tuple[str, str, str] = ("#fff6ec", "#ee6a3e", "#6e5380")
    line: tuple[int, int, str] = (1167, 2, "#725883")
    plate: tuple[int, int, int, int] = (84, 1195, 88, 10)
    paper: str = BRAND.colours.paper
    logo: tuple[int, int, int] = (94, 1205, 68)
    foot_left: int = 204
    foot_tops: tuple[int, int] = (1194, 1240)
    hashtag: Type = Type(face="display750", size=30, colour="#ee6a3e", leading=1.3)
    help: Type = Type(face="text650", size=28, colour="#fff6ec", leading=1.3)
    name: Type = Type(face="text450", size=27, colour="#e2d5d6", leading=1.3)
    hashtag_says: str = BRAND.hashtag
    help_says: str = BRAND.help
    name_says: str = BRAND.name

    def told(self) -> dict[str, object]:
        return asdict(self)

    def marks(self, day: int) -> list[tuple[int, int, str]]:
        """Left, height and colour of each of the sixteen marks."""
        left, step, _, _, low, high = self.row
        gone, today, ahead = self.row_colours
        return [
            (
                round(left + number * step),
                high if number + 1 == day else low,
                today if number + 1 == day else gone if number + 1 < day else ahead,
            )
            for number in range(16)
        ]


LOOK = Look()
