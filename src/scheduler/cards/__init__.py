"""Draws image cards: text in, picture file out, the same bytes for the same card.

`digest(card)` names a card by its contents, `draw(card)` gives its bytes, and a `Shelf` keeps
drawn cards in a folder, and in a store that machines share (`sharing`). Whatever a person must mend
is a `CardError` that names its slot.
"""

from scheduler.cards.colours import contrast
from scheduler.cards.composing import agreed
from scheduler.cards.errors import (
    BadChart,
    BadFont,
    BadPicture,
    BadTemplate,
    BadText,
    CardError,
    DoesNotFit,
    Illegible,
    MissingGlyph,
)
from scheduler.cards.quoting import quoted
from scheduler.cards.shelf import (
    RENDERER,
    WORTH_A_POOL,
    WORTH_A_POOL_ONCE_WARM,
    Drawn,
    Filled,
    Once,
    Shelf,
    digest,
    draw,
)
from scheduler.cards.template_files import check as check_template
from scheduler.cards.template_files import template

__all__ = [
    "RENDERER",
    "WORTH_A_POOL",
    "WORTH_A_POOL_ONCE_WARM",
    "BadChart",
    "BadFont",
    "BadPicture",
    "BadTemplate",
    "BadText",
    "CardError",
    "DoesNotFit",
    "Drawn",
    "Filled",
    "Illegible",
    "MissingGlyph",
    "Once",
    "Shelf",
    "agreed",
    "check_template",
    "contrast",
    "digest",
    "draw",
    "quoted",
    "template",
]
