"""What a draft counts, against each limit of its platform.

Platforms differ in how they count words. Pictures they count alike, but for the alt texts: some
count what a reader takes for one character, some count code points.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from scheduler.model import Draft, DraftPicture, Measure
from scheduler.platforms.protocol import Limits


def measures(
    draft: Draft, limits: Limits, *, text: int, alt: Callable[[str], int]
) -> tuple[Measure, ...]:
    """The text, the number of pictures, and each picture's alt text and size.

    `text` is what the words count on the platform, and `alt` counts an alt text.
    """
    return (
        Measure(name="text", used=text, limit=limits.text, unit=limits.text_unit),
        Measure(
            name="pictures",
            used=len(draft.pictures),
            limit=limits.pictures,
            unit="pictures",
            least=limits.least_pictures,
        ),
        *(
            measure
            for number, picture in enumerate(draft.pictures, 1)
            for measure in _of_picture(number, picture, limits, alt)
        ),
    )


def _of_picture(
    number: int, picture: DraftPicture, limits: Limits, alt: Callable[[str], int]
) -> Iterator[Measure]:
    yield Measure(
        name=f"alt text of picture {number}",
        used=alt(picture.alt),
        limit=limits.alt,
        unit="characters",
    )
    yield Measure(
        name=f"picture {number}", used=picture.bytes, limit=limits.picture_bytes, unit="bytes"
    )
