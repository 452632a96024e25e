"""Makes the Arabic font that is shipped out of the variable Noto Sans Arabic.

    python tools/write_arabic_font.py "NotoSansArabic[wdth,wght].ttf"

(https://github.com/notofonts/arabic, under the OFL; version 2.012 is shipped.) It keeps the weights
and leaves out the widths, and everything that Inter writes: Latin letters, digits, dashes.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

OUT = Path(__file__).parents[1] / "src/scheduler/cards/fonts/NotoSansArabic.var.ttf"
#: Blanks, brackets and stops, so that these are written as the word is that they belong to.
SIGNS = frozenset(map(ord, " \u00a0!().:/[]«»‹›…\u202f\u200c\u200d\u200e\u200f◌⁏⹁"))


def is_kept(character: int) -> bool:
    european = 0x1E00 <= character <= 0x23FF  # noqa: PLR2004
    return character in SIGNS or (character >= 0x600 and not european)  # noqa: PLR2004


def main() -> None:
    # Without its time stamp, so that the same font is the same file.
    narrow = instancer.instantiateVariableFont(
        TTFont(sys.argv[1], recalcTimestamp=False), {"wdth": 100}
    )
    narrow.save(OUT)
    font = TTFont(OUT, recalcTimestamp=False)
    options = subset.Options()
    options.layout_features = ["*"]
    options.name_IDs = ["*"]
    options.notdef_outline = True
    options.hinting = False
    options.glyph_names = False
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=filter(is_kept, font.getBestCmap()))
    cutter.subset(font)
    font.save(OUT)


if __name__ == "__main__":
    main()
