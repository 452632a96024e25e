"""How every card looks: the brand, with the logos, fonts and templates of the campaign's folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from scheduler.calendar.looking_up import Lookup
from scheduler.calendar.scalars import FONT_FILES
from scheduler.errors import Problem
from scheduler.model import Brand, Colours, Fonts, KeyPath, TemplateFile, Typeface

#: Where fonts lie that write what no other font can, below the campaign's folder.
FONTS = "assets/fonts"
_OTHER_FONT_FILES = (".woff", ".woff2", ".ttc", ".otc", ".eot", ".pfb", ".pfa", ".dfont")
#: Where a campaign's own templates lie. They are read here, and understood by who draws.
TEMPLATES = "assets/templates"


def template_files(root: Path) -> tuple[Path, ...]:
    """The files of the campaign's own templates, in the order of their names."""
    return tuple(sorted((root / TEMPLATES).glob("*.toml")))


def brand(lookup: Lookup) -> Brand:
    """The brand as the organisation has it, with every file that it needs."""
    form = lookup.form.brand
    return Brand(
        name=form.name,
        hashtag=form.hashtag,
        colours=Colours(**form.colours.model_dump()),
        help=form.help,
        funder=form.funder,
        logo=_logo(lookup, "logo", form.logo),
        second_logo=_logo(lookup, "second_logo", form.second_logo),
        logo_clear=form.logo_clear,
        templates=tuple(_templates(lookup)),
        fonts=Fonts(
            text=_font(lookup, "text", form.fonts.text),
            display=_font(lookup, "display", form.fonts.display),
            serif=_font(lookup, "serif", form.fonts.serif),
            others=_fonts_beside(lookup),
        ),
    )


def _logo(lookup: Lookup, key: str, name: str | None) -> Path | None:
    return lookup.file(("brand", key), name) if name else None


def _font(
    lookup: Lookup, family: str, names: tuple[str, ...] | None
) -> tuple[Path, ...] | Typeface | None:
    if names is None:
        return None
    if names[0] in set(Typeface):
        return Typeface(names[0])
    path: KeyPath = ("brand", "fonts", family)
    return tuple(lookup.file((*path, number), name) for number, name in enumerate(names))


def _fonts_beside(lookup: Lookup) -> tuple[Path, ...]:
    """The fonts of the campaign's own folder for them, by name."""
    path: KeyPath = ("brand", "fonts")
    try:
        names = sorted(file.name for file in (lookup.root / FONTS).iterdir())
    except FileNotFoundError:
        return ()
    except OSError as error:
        lookup.problem(path, "no-fonts", f"{FONTS}/ cannot be looked into: {error.strerror}")
        return ()
    for name in names:
        if name.lower().endswith(_OTHER_FONT_FILES):
            lookup.problem(
                path,
                "other-font",
                f"{FONTS}/{name} is a font that the cards cannot read",
                "save it as .ttf or .otf, or take it out of the folder",
            )
    # What begins with a dot is a system's own note on the file beside it.
    fonts = [n for n in names if n.lower().endswith(FONT_FILES) and not n.startswith(".")]
    return tuple(lookup.file(path, f"{FONTS}/{name}") for name in fonts)


def _templates(lookup: Lookup) -> Iterator[TemplateFile]:
    """The campaign's own templates; one that cannot be read must not look like none."""
    for file in template_files(lookup.root):
        name = f"{TEMPLATES}/{file.name}"
        try:
            yield TemplateFile(name=file.stem, file=name, text=file.read_text("utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            told = f"the template cannot be read: {error}"
            lookup.problems.append(Problem(file=name, code="bad-template", message=told))
