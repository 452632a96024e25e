"""This program, through its public door."""

from __future__ import annotations

import io
from typing import Literal

from PIL import Image

from cards.look import BRAND, QUALITY, SIZE
from cards.texts import Said
from scheduler.cards import draw
from scheduler.cards.composing import composed
from scheduler.cards.painting import painted
from scheduler.model import Card

Sampling = Literal["4:2:0", "4:4:4"]
_SUBSAMPLING = {"4:4:4": 0, "4:2:0": 2}


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


def jpeg(said: Said, sampling: Sampling = "4:2:0") -> bytes:
    """The whole card: fit, fallback, contrast, painting, encoding.

    The one function that must follow when the renderer changes; the program's own JPEG is 4:4:4.
    """
    if sampling == "4:4:4":
        return draw(card(said))
    return encoded(pixels(said), sampling)


def png(said: Said) -> bytes:
    return draw(card(said), "png")


def pixels(said: Said) -> Image.Image:
    return painted(composed(card(said)))


def encoded(image: Image.Image, sampling: Sampling = "4:2:0") -> bytes:
    """What every engine does at the end, and nothing else."""
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=QUALITY, subsampling=_SUBSAMPLING[sampling])
    return stream.getvalue()
