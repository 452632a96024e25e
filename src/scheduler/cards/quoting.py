"""The quotation marks that each language uses in print.

As CLDR 48 has them (https://cldr.unicode.org), but where a language's own rules or its press prefer
others: « » in Arabic, Spanish, Galician and Swiss German, ” ” in Danish, „ ” in Croatian, „ “ in
Albanian, and double marks in Dutch. Portuguese is that of Portugal unless its tag says Brazil.
"""

from __future__ import annotations

_ENGLISH = ("“", "”")
_GERMAN = ("„", "“")
_POLISH = ("„", "”")
_GUILLEMETS = ("«", "»")
#: The narrow no-break space that French typography puts inside its guillemets.
_FRENCH = ("«\u202f", "\u202f»")
_NORDIC = ("”", "”")
#: The first of them stands on the right.
_URDU = ("”", "“")

MARKS = {
    "en": _ENGLISH, "ga": _ENGLISH, "mt": _ENGLISH, "pt-br": _ENGLISH, "nl": _ENGLISH,
    "tr": _ENGLISH, "cy": _ENGLISH,
    "de": _GERMAN, "lb": _GERMAN, "cs": _GERMAN, "sk": _GERMAN, "sl": _GERMAN, "bg": _GERMAN,
    "mk": _GERMAN, "sq": _GERMAN, "lt": _GERMAN, "et": _GERMAN, "is": _GERMAN, "ka": _GERMAN,
    "hsb": _GERMAN, "dsb": _GERMAN, "nds": _GERMAN,
    "pl": _POLISH, "ro": _POLISH, "hu": _POLISH, "sr": _POLISH, "hr": _POLISH, "bs": _POLISH,
    "lv": _ENGLISH, "me": _POLISH, "cnr": _POLISH, "szl": _POLISH,
    "it": _GUILLEMETS, "es": _GUILLEMETS, "el": _GUILLEMETS, "uk": _GUILLEMETS,
    "ru": _GUILLEMETS, "be": _GUILLEMETS, "ca": _GUILLEMETS, "eu": _GUILLEMETS,
    "gl": _GUILLEMETS, "no": _GUILLEMETS, "nb": _GUILLEMETS, "nn": _GUILLEMETS,
    "ar": _GUILLEMETS, "fa": _GUILLEMETS, "pt": _GUILLEMETS, "hy": _GUILLEMETS,
    "oc": _GUILLEMETS, "br": _GUILLEMETS, "rm": _GUILLEMETS, "ast": _GUILLEMETS,
    "sc": _GUILLEMETS, "lij": _GUILLEMETS, "kk": _GUILLEMETS, "am": _GUILLEMETS,
    "ti": _GUILLEMETS, "ur": _URDU,
    "fr": _FRENCH, "de-ch": _GUILLEMETS, "fr-ch": _GUILLEMETS, "it-ch": _GUILLEMETS,
    "sv": _NORDIC, "fi": _NORDIC, "da": _NORDIC, "he": _NORDIC, "yi": _NORDIC,
    "se": _NORDIC, "smn": _NORDIC, "sms": _NORDIC, "sma": _NORDIC,
}  # fmt: skip


def marks(language: str) -> tuple[str, str]:
    """The opening and the closing mark for a BCP 47 language; English ones where unknown."""
    tag = language.lower()
    return MARKS.get(tag) or MARKS.get(tag.split("-")[0]) or _ENGLISH


def quoted(words: str, language: str) -> str:
    opening, closing = marks(language)
    return f"{opening}{words}{closing}"
