"""This program, through its public door."""

from __future__ import annotations

import io

from PIL import Image

from cards.look import BRAND, QUALITY, SIZE
from cards.texts import Said
from scheduler.cards import draw
from scheduler.cards.composing import composed
from scheduler.cards.encoding import Chroma
from scheduler.cards.painting import picture
from scheduler.model import Card


def card(said: Said) -> Card:
    return Card(
        template="quote",
        texts={
            "day": str(said.day),
            "kicker": said.kicker,
            "words": said.words,
            "speaker": said.speaker,
            "role": said.role,
            "source": said.source,
        },
        brand=BRAND,
        size=SIZE,
        language=said.language,
    )


def jpeg(said: Said, chroma: Chroma = "4:2:0") -> bytes:
    """The whole card: fit, fallback, contrast, painting, encoding; the program's own is 4:4:4."""
    return draw(card(said), chroma=chroma)


def png(said: Said) -> bytes:
    return draw(card(said), "png")


def pixels(said: Said) -> Image.Image:
    return picture(composed(card(said)))


def encoded(image: Image.Image, chroma: Chroma = "4:2:0") -> bytes:
    """What every engine does at the end, and nothing else."""
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=QUALITY, subsampling=chroma)
    return stream.getvalue()
