"""A PDF of real text: glyphs with the characters they stand for, tags in order of reading.

Written here and not by a library: fpdf2 measured Arabic too narrow and tags only pictures,
ReportLab tags nothing and knows no variable fonts, and what is needed is short. The numbers of
clauses are those of ISO 32000-2. Equal calls give equal bytes.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

from scheduler.cards.paper import (
    Face,
    Glyphs,
    Print,
    Program,
    SetLine,
    advance,
    is_seen,
    program,
)
from scheduler.interface import Interface

#: The width of a glyph, in 1/1000 em.
Advances = Callable[[Face, int], int]

#: A4, in points of 1/72 inch.
WIDTH, HEIGHT = 595.28, 841.89
_PRODUCER = "campaign-scheduler"
#: Entries of a list in a ToUnicode table, at most.
_BLOCK = 100
_MILLE = 1000
#: The tag of a picture.
FIGURE = "Figure"
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_XML_REFUSES = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(slots=True, kw_only=True)
class Element:
    """A tag (14.7): a heading, a paragraph or a picture, wherever on the pages its parts stand."""

    kind: str
    language: str = ""
    #: What it says, in the order of reading; for a picture, its alt text.
    text: str = ""
    #: The numbers of pages, from 0, and of the marks on them.
    kids: list[tuple[int, int]] = field(default_factory=list)


@dataclass(slots=True)
class Page:
    """Places are in points from the upper left corner of the page."""

    number: int
    _document: Document
    operations: list[str] = field(default_factory=list)
    elements: list[Element] = field(default_factory=list)
    fonts: set[str] = field(default_factory=set)
    pictures: set[str] = field(default_factory=set)

    @contextmanager
    def tagged(self, element: Element | None) -> Iterator[None]:
        """What is drawn meanwhile belongs to the element; without one it is only decoration."""
        if element is None:
            self.operations.append("/Artifact BMC")
        else:
            mark = len(self.elements)
            self.elements.append(element)
            element.kids.append((self.number, mark))
            self.operations.append(f"/{element.kind} <</MCID {mark}>> BDC")
        yield
        self.operations.append("EMC")

    def words(self, line: SetLine, x: float, y: float, size: float, grey: float = 0.0) -> None:
        """A line with its first glyph at `x` and its baseline at `y`; grey 0 is black."""
        self.operations.append(f"BT {grey:g} g")
        for run in line.runs:
            name = self._document.font(run.face)
            self.fonts.add(name)
            self.operations.append(f"/{name} {size:g} Tf")
            self.operations += self._glyphs(run, line.text, (x, HEIGHT - y), size)
        self.operations.append("ET")

    def _glyphs(
        self, run: Glyphs, text: str, start: tuple[float, float], size: float
    ) -> Iterator[str]:
        """As TJ operators: one for each height at which glyphs stand."""
        height: float | None = None
        pen = 0.0
        for sign, x, y in zip(_signs(run, text), run.xs, run.ys, strict=True):
            if sign is None:
                continue
            if y != height:
                at = f"{start[0] + x * size:.3f} {start[1] + y * size:.3f}"
                yield f"{'' if height is None else '] TJ '}1 0 0 1 {at} Tm ["
                height, pen = y, x
            moved = round((pen - x) * _MILLE)
            code = self._document.code(run.face, sign)
            yield f"{moved} <{code:04X}>" if moved else f"<{code:04X}>"
            pen += (self._document.advance(run.face, sign[0]) - moved) / _MILLE
        if height is not None:
            yield "] TJ"

    def picture(self, print_: Print, box: tuple[float, float, float, float]) -> None:
        """`box` is left, top, width and height."""
        left, top, width, height = box
        name = self._document.picture(print_)
        self.pictures.add(name)
        place = f"{width:.2f} 0 0 {height:.2f} {left:.2f} {HEIGHT - top - height:.2f}"
        self.operations.append(f"q {place} cm /{name} Do Q")

    def frame(self, box: tuple[float, float, float, float], thick: float = 0.5) -> None:
        left, top, width, height = box
        place = f"{left:.2f} {HEIGHT - top - height:.2f} {width:.2f} {height:.2f}"
        self.operations.append(f"0 G {thick:g} w {place} re S")

    def rule(self, left: float, right: float, y: float, thick: float = 0.5) -> None:
        level = f"{HEIGHT - y:.2f}"
        self.operations.append(f"0 G {thick:g} w {left:.2f} {level} m {right:.2f} {level} l S")


#: A glyph of a font, with the characters that it stands for where it is shown.
_Sign = tuple[int, str]


def _signs(run: Glyphs, text: str) -> list[_Sign | None]:
    """The run's glyphs with their characters; None for what only steers the letters beside it.

    An Arabic letter may be drawn as a stroke and its dots: then the stroke stands for the letter,
    and the same stroke for another letter elsewhere.
    """
    starts = sorted(set(run.places))
    ends = dict(zip(starts, [*starts[1:], *(place + 1 for place in starts[-1:])], strict=True))
    order = range(len(run.ids))
    if run.places and run.places[0] > run.places[-1]:
        order = order[::-1]  # from the right a letter is followed by the marks that are on it
    found: list[_Sign | None] = [None] * len(run.ids)
    said = 0
    before = -1
    for index in order:
        place = run.places[index]
        letters = text[place : ends[place]]
        alike = run.places.count(place) == len(letters) > 1
        said = said + 1 if place == before else 0
        share = letters[said] if alike else letters if not said else ""
        if is_seen(letters[:1]):
            found[index] = (run.ids[index], share)
        before = place
    return found


# ── the file ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True, kw_only=True)
class Document:
    """`made_on` is written as the date of making: nothing else in the file tells the time."""

    title: str
    author: str
    #: How the paper itself speaks.
    interface: Interface
    made_on: date
    pages: list[Page] = field(default_factory=list)
    elements: list[Element] = field(default_factory=list)
    #: Level (from 0), title, and the page that it leads to.
    bookmarks: list[tuple[int, str, int]] = field(default_factory=list)
    #: What was shown in each face. Its place in the list is its code, which begins at 1.
    used: dict[Face, dict[_Sign, int]] = field(default_factory=dict)
    _pictures: dict[str, Print] = field(default_factory=dict)
    _widths: dict[tuple[Face, int], int] = field(default_factory=dict)

    def empty(self) -> Document:
        """Another one like it, without a page."""
        return Document(
            title=self.title, author=self.author, interface=self.interface, made_on=self.made_on
        )

    @property
    def language(self) -> str:
        return self.interface.language

    def say(self, message: str, /, **named: object) -> str:
        return self.interface.say(message, **named)

    def count(self, nouns: tuple[str, str], number: int) -> str:
        """ "2 posts", of a pair of messages for one and for many."""
        return self.interface.say_many(*nouns, number)

    def word(self, message: str) -> str:
        """A short one, of which there may be others elsewhere."""
        return self.interface.say_in("paper", message)

    def page(self) -> Page:
        made = Page(len(self.pages), self)
        self.pages.append(made)
        return made

    def element(self, kind: str, *, text: str = "", language: str = "") -> Element:
        """The next one in the order of reading."""
        made = Element(kind=kind, text=text, language=language)
        self.elements.append(made)
        return made

    def font(self, face: Face) -> str:
        self.used.setdefault(face, {})
        return f"F{list(self.used).index(face)}"

    def code(self, face: Face, sign: _Sign) -> int:
        signs = self.used[face]
        return signs.setdefault(sign, len(signs) + 1)

    def picture(self, print_: Print) -> str:
        name = f"P{hashlib.sha256(print_.data).hexdigest()[:16]}"
        self._pictures[name] = print_
        return name

    def advance(self, face: Face, glyph: int) -> int:
        """In 1/1000 em."""
        if (face, glyph) not in self._widths:
            self._widths[face, glyph] = advance(face, glyph)
        return self._widths[face, glyph]

    def data(self) -> bytes:
        """The whole file."""
        return _File(self).data()


class _File:
    """Numbers the document's objects and writes them one after the other (7.5)."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._objects: list[bytes] = []

    def data(self) -> bytes:
        document = self._document
        catalog, pages = self._reserve(), self._reserve()
        fonts = {document.font(face): self._font(face) for face in list(document.used)}
        pictures = {
            name: self._picture(each)
            for name, each in document._pictures.items()  # noqa: SLF001 (the two are one)
        }
        numbers = [self._reserve() for _ in document.pages]
        for page, number in zip(document.pages, numbers, strict=True):
            self._page(page, number, pages, fonts, pictures)
        kids = _references(numbers)
        self._put(pages, f"<</Type /Pages /Count {len(numbers)} /Kids [{kids}]>>")
        tree, outline = self._tags(numbers), self._outline(numbers)
        metadata = self._stream(_metadata(document), "/Type /Metadata /Subtype /XML", packed=False)
        self._put(
            catalog,
            f"<</Type /Catalog /Pages {pages} 0 R /Lang {_string(document.language)} "
            f"/MarkInfo <</Marked true>> /StructTreeRoot {tree} 0 R /Metadata {metadata} 0 R "
            f"/Outlines {outline} 0 R /PageMode /UseOutlines "
            "/ViewerPreferences <</DisplayDocTitle true>>>>",
        )
        information = self._add(
            f"<</Title {_string(document.title)} /Author {_string(document.author)} "
            f"/Creator ({_PRODUCER}) /Producer ({_PRODUCER}) "
            f"/CreationDate (D:{document.made_on:%Y%m%d}000000Z)>>"
        )
        return self._written(catalog, information)

    def _written(self, catalog: int, information: int) -> bytes:
        body = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        places = []
        for number, each in enumerate(self._objects, 1):
            places.append(len(body))
            body += b"%d 0 obj\n%b\nendobj\n" % (number, each)
        start, count = len(body), len(self._objects) + 1
        name = hashlib.sha256(body).hexdigest()[:32]
        body += f"xref\n0 {count}\n0000000000 65535 f \n".encode()
        body += "".join(f"{place:010} 00000 n \n" for place in places).encode()
        body += (
            f"trailer\n<</Size {count} /Root {catalog} 0 R /Info {information} 0 R "
            f"/ID [<{name}> <{name}>]>>\nstartxref\n{start}\n%%EOF\n"
        ).encode()
        return bytes(body)

    # ── objects ───────────────────────────────────────────────────────────────────────────────────

    def _reserve(self) -> int:
        self._objects.append(b"null")
        return len(self._objects)

    def _put(self, number: int, value: str | bytes) -> None:
        self._objects[number - 1] = value.encode() if isinstance(value, str) else value

    def _add(self, value: str | bytes) -> int:
        number = self._reserve()
        self._put(number, value)
        return number

    def _stream(self, data: bytes, entries: str = "", *, packed: bool = True) -> int:
        inside = zlib.compress(data, 9) if packed else data
        filter_ = " /Filter /FlateDecode" if packed else ""
        head = f"<<{entries} /Length {len(inside)}{filter_}>>\nstream\n".encode()
        return self._add(head + inside + b"\nendstream")

    def _page(
        self,
        page: Page,
        number: int,
        pages: int,
        fonts: Mapping[str, int],
        pictures: Mapping[str, int],
    ) -> None:
        content = self._stream("\n".join(page.operations).encode())
        named = " ".join(f"/{name} {fonts[name]} 0 R" for name in sorted(page.fonts))
        shown = " ".join(f"/{name} {pictures[name]} 0 R" for name in sorted(page.pictures))
        self._put(
            number,
            f"<</Type /Page /Parent {pages} 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] "
            f"/Contents {content} 0 R /StructParents {page.number} /Tabs /S "
            f"/Resources <</Font <<{named}>> /XObject <<{shown}>>>>>>",
        )

    def _picture(self, print_: Print) -> int:
        size = f"/Width {print_.size.width} /Height {print_.size.height}"
        entries = (
            f"/Type /XObject /Subtype /Image {size} /ColorSpace /DeviceRGB "
            "/BitsPerComponent 8 /Filter /DCTDecode"
        )
        return self._stream(print_.data, entries, packed=False)

    # ── fonts (9.7) ───────────────────────────────────────────────────────────────────────────────

    def _font(self, face: Face) -> int:
        signs = self._document.used[face]
        made = program(face, {glyph for glyph, _ in signs})
        name = _font_name(face, made)
        file = self._stream(made.data, f"/Length1 {len(made.data)}")
        descriptor = self._add(
            f"<</Type /FontDescriptor /FontName /{name} /Flags 4 /ItalicAngle 0 /StemV 80 "
            f"/FontBBox [-1000 {made.descent} 2000 {made.ascent}] /Ascent {made.ascent} "
            f"/Descent {made.descent} /CapHeight {made.capitals} /FontFile2 {file} 0 R>>"
        )
        widths = " ".join(str(made.widths[glyph]) for glyph, _ in signs)
        places = b"".join(glyph.to_bytes(2, "big") for glyph, _ in [(0, ""), *signs])
        glyphs = self._stream(places)
        descendant = self._add(
            f"<</Type /Font /Subtype /CIDFontType2 /BaseFont /{name} /CIDToGIDMap {glyphs} 0 R "
            "/CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>> "
            f"/FontDescriptor {descriptor} 0 R /W [1 [{widths}]]>>"
        )
        table = self._stream(_to_unicode(signs))
        return self._add(
            f"<</Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H "
            f"/DescendantFonts [{descendant} 0 R] /ToUnicode {table} 0 R>>"
        )

    # ── tags (14.7) and bookmarks (12.3.3) ────────────────────────────────────────────────────────

    def _tags(self, pages: Sequence[int]) -> int:
        root, whole = self._reserve(), self._reserve()
        elements = [each for each in self._document.elements if each.kids]
        numbers = {id(each): self._tag(each, whole, pages) for each in elements}
        self._put(
            whole,
            f"<</Type /StructElem /S /Document /P {root} 0 R "
            f"/K [{_references(numbers.values())}]>>",
        )
        parents = " ".join(
            f"{page.number} [{_references(numbers[id(each)] for each in page.elements)}]"
            for page in self._document.pages
        )
        parent_tree = self._add(f"<</Nums [{parents}]>>")
        self._put(
            root,
            f"<</Type /StructTreeRoot /K {whole} 0 R /ParentTree {parent_tree} 0 R "
            f"/ParentTreeNextKey {len(pages)}>>",
        )
        return root

    def _tag(self, element: Element, parent: int, pages: Sequence[int]) -> int:
        kids = " ".join(
            f"<</Type /MCR /Pg {pages[page]} 0 R /MCID {mark}>>" for page, mark in element.kids
        )
        tongue = element.language if _LANGUAGE.fullmatch(element.language) else ""
        language = f"/Lang {_string(tongue)} " if tongue else ""
        name = "Alt" if element.kind == FIGURE else "ActualText"
        said = f"/{name} {_string(element.text)} " if element.text else ""
        return self._add(
            f"<</Type /StructElem /S /{element.kind} /P {parent} 0 R {language}{said}/K [{kids}]>>"
        )

    def _outline(self, pages: Sequence[int]) -> int:
        """A tree, by the levels."""
        root = self._reserve()
        marks = self._document.bookmarks
        numbers = [self._reserve() for _ in marks]
        parents = [
            next((n for n in range(index, -1, -1) if marks[n][0] < level), -1)
            for index, (level, _, _) in enumerate(marks)
        ]
        for index, (_, title, page) in enumerate(marks):
            beside = [n for n, parent in enumerate(parents) if parent == parents[index]]
            place = beside.index(index)
            links = {
                "Parent": root if parents[index] < 0 else numbers[parents[index]],
                **({"Prev": numbers[beside[place - 1]]} if place else {}),
                **({"Next": numbers[beside[place + 1]]} if place + 1 < len(beside) else {}),
            }
            inside = _inside(numbers, parents, index)
            said = " ".join(f"/{name} {number} 0 R" for name, number in links.items())
            self._put(
                numbers[index],
                f"<</Title {_string(title)} {said} {inside} "
                f"/Dest [{pages[page]} 0 R /XYZ null null null]>>",
            )
        self._put(root, f"<</Type /Outlines {_inside(numbers, parents, -1)}>>")
        return root


def _inside(numbers: Sequence[int], parents: Sequence[int], parent: int) -> str:
    children = [numbers[n] for n, each in enumerate(parents) if each == parent]
    if not children:
        return ""
    return f"/First {children[0]} 0 R /Last {children[-1]} 0 R /Count {len(children)}"


def _references(numbers: Iterable[int]) -> str:
    return " ".join(f"{number} 0 R" for number in numbers)


def _string(text: str) -> str:
    """In UTF-16, so that nothing in it can end it."""
    return f"<FEFF{_utf16(text)}>"


def _utf16(text: str) -> str:
    return text.encode("utf-16-be", "replace").hex().upper()


def _font_name(face: Face, made: Program) -> str:
    """With six letters in front that say that it is a part of the font (9.9.2)."""
    digest = hashlib.sha256(made.data).digest()
    letters = "".join(chr(ord("A") + byte % 26) for byte in digest[:6])
    stem = re.sub(r"\W", "", Path(face.file).name.partition(".")[0])
    return f"{letters}+{stem}-{face.weight}"


def _to_unicode(signs: Mapping[_Sign, int]) -> bytes:
    """Which characters each code stands for (9.10.3)."""
    pairs = [f"<{code:04X}> <{_utf16(text)}>" for (_, text), code in signs.items()]
    blocks = [pairs[n : n + _BLOCK] for n in range(0, len(pairs), _BLOCK)]
    listed = "\n".join(
        "\n".join([f"{len(block)} beginbfchar", *block, "endbfchar"]) for block in blocks
    )
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        f"{listed}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode()


def _metadata(document: Document) -> bytes:
    """Title, author and language once more, for who reads XMP (14.3.2)."""
    title, author, language = (
        escape(_XML_REFUSES.sub("\ufffd", each))
        for each in (document.title, document.author, document.language)
    )
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:xmp="http://ns.adobe.com/xap/1.0/">'
        f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>'
        f"<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>"
        f"<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>"
        f"<xmp:CreateDate>{document.made_on.isoformat()}</xmp:CreateDate>"
        f"<xmp:CreatorTool>{_PRODUCER}</xmp:CreatorTool>"
        '</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end="r"?>'
    ).encode("utf-8", "replace")
