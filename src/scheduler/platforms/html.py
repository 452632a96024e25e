"""What a reader sees of a post that a server shows as HTML."""

from __future__ import annotations

from html.parser import HTMLParser


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.read: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag == "br":
            self.read.append("\n")
        elif tag == "p" and self.read:
            self.read.append("\n\n")

    def handle_data(self, data: str) -> None:
        self.read.append(data)


def words(html: str) -> str:
    """Paragraphs and line breaks as empty lines and new lines; every other tag is left out."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return "".join(reader.read)
