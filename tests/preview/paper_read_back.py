"""A PDF read back: its tags in the order of reading, and where each glyph stands."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from pypdf import PdfReader
from pypdf.generic import ArrayObject, ContentStream


@dataclass(frozen=True)
class Tag:
    kind: str
    language: str
    text: str
    #: From 1.
    pages: tuple[int, ...]


@dataclass(frozen=True)
class Shown:
    """Glyphs in one row: points from the page's lower left corner."""

    page: int
    left: float
    right: float
    baseline: float
    size: float


def read(data: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(data), strict=True)


def tags(data: bytes) -> list[Tag]:
    paper = read(data)
    numbers = {page.indirect_reference.idnum: n for n, page in enumerate(paper.pages, 1)}
    whole = paper.trailer["/Root"]["/StructTreeRoot"]["/K"].get_object()
    return [
        Tag(
            kind=each["/S"],
            language=each.get("/Lang", ""),
            text=each.get("/ActualText", each.get("/Alt", "")),
            pages=tuple(numbers[kid.raw_get("/Pg").idnum] for kid in each["/K"]),
        )
        for each in (kid.get_object() for kid in whole["/K"])
    ]


def said(data: bytes) -> str:
    """Everything that a screen reader says, a line for each tag."""
    return "\n".join(tag.text for tag in tags(data))


def rows(data: bytes) -> Iterator[Shown]:
    paper = read(data)
    for number, page in enumerate(paper.pages, 1):
        fonts = page["/Resources"]["/Font"]
        size, font, at = 0.0, "", (0.0, 0.0)
        for operands, operator in ContentStream(page.get_contents(), paper).operations:
            match operator:
                case b"Tf":
                    font, size = operands[0], float(operands[1])
                case b"Tm":
                    at = (float(operands[4]), float(operands[5]))
                case b"TJ":
                    width = _width(operands[0], fonts[font]) * size / 1000
                    yield Shown(number, at[0], at[0] + width, at[1], size)


def _width(shown: ArrayObject, font) -> float:
    first, widths = font["/DescendantFonts"][0]["/W"]
    total = 0.0
    for each in shown:
        if isinstance(each, (int, float)):
            total -= float(each)
            continue
        data = each.original_bytes if hasattr(each, "original_bytes") else bytes(each)
        codes = [int.from_bytes(data[n : n + 2], "big") for n in range(0, len(data), 2)]
        total += sum(widths[code - first] for code in codes)
    return total


def colours(data: bytes) -> set[tuple[str, ...]]:
    """Every operator that sets a colour, with its operands."""
    paper = read(data)
    return {
        (operator.decode(), *map(str, operands))
        for page in paper.pages
        for operands, operator in ContentStream(page.get_contents(), paper).operations
        if re.fullmatch(rb"g|G|rg|RG|k|K|sc|SC|scn|SCN|cs|CS", operator)
    }
