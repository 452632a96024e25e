"""One language in which pages, paper and lists speak: its sentences, dates, numbers and names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from gettext import NullTranslations
from types import MappingProxyType
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal
from babel.units import format_unit

from scheduler.interface.catalogues import SOURCE, catalogue
from scheduler.interface.marking import in_context

#: The languages that have a catalogue, with whose dates and numbers they go. English is Britain's,
#: as the coalition writes it: 25 November.
LANGUAGES: Mapping[str, str] = MappingProxyType({"en": "en_GB", "de": "de", "it": "it"})

#: CLDR takes it for Serbian.
_NAMES: Mapping[str, str] = MappingProxyType({"cnr": in_context("language", "Montenegrin")})
_THOUSAND = 1000
_MINUTES = (("duration-day", 1440), ("duration-hour", 60), ("duration-minute", 1))


@dataclass(frozen=True, slots=True, eq=False)
class Interface:
    """How the program speaks to whoever looks.

    A message is English and has its values in braces, by name; it is what the catalogue is asked
    for. Only `message` and `messages` leave the braces as they are.
    """

    language: str
    locale: Locale = field(repr=False)
    catalogue: NullTranslations = field(repr=False)

    # ── sentences ─────────────────────────────────────────────────────────────────────────────────

    def message(self, message: str, context: str = "") -> str:
        if not message:  # a catalogue has its own head under it
            return ""
        if context:
            return self.catalogue.pgettext(context, message)
        return self.catalogue.gettext(message)

    def messages(self, one: str, many: str, number: int) -> str:
        return self.catalogue.ngettext(one, many, number)

    def say(self, message: str, /, **named: object) -> str:
        return self.message(message).format(**named)

    def say_in(self, context: str, message: str, /, **named: object) -> str:
        """Where one English word is several elsewhere, the context tells them apart."""
        return self.message(message, context).format(**named)

    def say_many(self, one: str, many: str, number: int, /, **named: object) -> str:
        """The sentence that agrees with the number, which stands in it as {number}."""
        return self.messages(one, many, number).format(number=self.number(number), **named)

    # ── days and hours ────────────────────────────────────────────────────────────────────────────

    def day(self, when: date) -> str:
        """25 November 2026"""
        return format_date(when, "long", self.locale)

    def full_day(self, when: date) -> str:
        """Wednesday, 25 November 2026"""
        return format_date(when, "full", self.locale)

    def short_day(self, when: date) -> str:
        """Wed 25 Nov"""
        return format_skeleton("MMMEd", when, locale=self.locale)

    def brief_day(self, when: date) -> str:
        """25 Nov"""
        return format_skeleton("MMMd", when, locale=self.locale)

    def day_of_year(self, when: date) -> str:
        """25 November"""
        return format_skeleton("MMMMd", when, locale=self.locale)

    def span(self, first: date, last: date) -> str:
        """25 November – 10 December 2026"""
        begin = self.day_of_year(first) if first.year == last.year else self.day(first)
        return f"{begin} – {self.day(last)}"

    def clock(self, instant: datetime, zone: ZoneInfo) -> str:
        """09:00, by the clocks of the zone"""
        return format_skeleton("Hm", instant.astimezone(zone), tzinfo=zone, locale=self.locale)

    def duration(self, length: timedelta) -> str:
        """1 day 3 hours; "0 minutes" of nothing."""
        minutes = int(length.total_seconds()) // 60
        parts: list[str] = []
        for unit, size in _MINUTES:
            number, minutes = divmod(minutes, size)
            if number or (size == 1 and not parts):
                parts.append(format_unit(number, unit, "long", locale=self.locale))
        return " ".join(parts)

    # ── numbers ───────────────────────────────────────────────────────────────────────────────────

    def number(self, number: float) -> str:
        """1,234; at most three digits behind the comma"""
        return format_decimal(number, locale=self.locale)

    def seconds(self, seconds: float) -> str:
        """12.50"""
        return format_decimal(seconds, format="#,##0.00", locale=self.locale)

    def size(self, octets: int) -> str:
        """999 bytes, 212 kB or 16.8 MB"""
        if octets < _THOUSAND:
            return format_unit(octets, "digital-byte", "long", locale=self.locale)
        kilo = round(octets / _THOUSAND)
        if kilo < _THOUSAND:
            return format_unit(kilo, "digital-kilobyte", "short", locale=self.locale)
        mega = format_decimal(octets / _THOUSAND**2, format="@##", locale=self.locale)
        return format_unit(mega, "digital-megabyte", "short", locale=self.locale)

    def dollars(self, thousandths: int) -> str:
        """US$0.20, of 200; US$0.015, of 15"""
        amount = Decimal(thousandths) / _THOUSAND
        return format_currency(amount, "USD", locale=self.locale, decimal_quantization=False)

    # ── names ─────────────────────────────────────────────────────────────────────────────────────

    def language_name(self, code: str) -> str:
        """Greek, or Serbian (Latin); the code itself where no name is known."""
        if code in _NAMES:
            return self.say_in("language", _NAMES[code])
        try:
            name = Locale.parse(code, sep="-").get_display_name(self.locale)
        except (UnknownLocaleError, ValueError, TypeError):
            name = None
        return name or code

    def listed(self, names: Sequence[str]) -> str:
        """A, B and C"""
        return format_list(names, locale=self.locale)

    def town(self, zone: ZoneInfo) -> str:
        """Nicosia, of Asia/Nicosia: short enough for the head of a column"""
        known = self.locale.time_zones.get(zone.key, {}).get("city")
        return known or zone.key.rpartition("/")[-1].replace("_", " ")

    @property
    def direction(self) -> str:
        """ltr or rtl"""
        return self.locale.text_direction


@cache
def _interface(language: str) -> Interface:
    return Interface(language, Locale.parse(LANGUAGES[language]), catalogue(language))


ENGLISH = _interface(SOURCE)


def interface_for(*languages: str) -> Interface:
    """Of the first of these languages that has a catalogue ("de-AT" has German's); else English."""
    bare = (language.split("-", maxsplit=1)[0] for language in languages)
    return _interface(next((each for each in bare if each in LANGUAGES), SOURCE))
