"""The calendar's keys as a JSON Schema, for editors that complete and explain them.

An editor reads YAML 1.2, in which `2023` is a number and `no` is text, while our reader keeps all
of it as text. So that nobody is warned of a line that `campaign check` takes, a schema here says
what may be *typed*: numbers are welcome where text is wanted, and text where it spells a number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from types import MappingProxyType
from typing import Any, get_args

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from scheduler.calendar.scalars import (
    ClockTime,
    Colour,
    Country,
    Duration,
    FileName,
    FontName,
    FontNames,
    Identifier,
    Language,
    LocalInstant,
    ServedAddress,
    Tag,
    Zone,
)
from scheduler.calendar.schema import (
    CalendarForm,
    DayRange,
    HoldsForm,
    HourRange,
    LanguageForm,
    PostForm,
    SlideForm,
)
from scheduler.calendar.validating import form_at
from scheduler.calendar.wordings import ANY, TRANSLATION, WORDS
from scheduler.model import DAYS, Scope, Typeface

#: What an editor looks for when it opens `campaign.schema.json`; the newest that all of them read.
DIALECT = "http://json-schema.org/draft-07/schema#"
#: The first line of a calendar that has its schema beside it.
FIRST_LINE = "# yaml-language-server: $schema=campaign.schema.json"

Schema = dict[str, Any]

_DATE = r"^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$"
_CLOCK = r"(?:[01]?\d|2[0-3]):[0-5]\d"
_DAY = rf"0*(?:{'|'.join(str(day) for day in range(1, DAYS + 1))})"
_YES_NO = ("yes", "no", "true", "false", "on", "off")


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountKey:
    """A key that the accounts of one platform may have."""

    meaning: str
    required: bool = False
    choices: tuple[str, ...] = ()
    #: Its value says where a token is kept.
    secret: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountKeys:
    """What an account of `platform` may say."""

    platform: str
    keys: Mapping[str, AccountKey] = field(default_factory=lambda: MappingProxyType({}))


def json_schema(platforms: Sequence[AccountKeys] = ()) -> Schema:
    """The whole calendar. Accounts are only as precise as the `platforms` that are handed in."""
    schema = _schema(CalendarForm, platforms)
    definitions = schema["$defs"]
    for definition in definitions.values():
        for key in _ONLY_TRANSLATED:
            definition.get("properties", {}).pop(key, None)
    for name in _OF_TRANSLATIONS:
        definitions.pop(name)
    for form in (PostForm, SlideForm):
        definitions[form.__name__] |= _one_kind(form.kinds())
    definitions["PostForm"] |= _POST_RULES
    definitions["SlideForm"]["required"] = ["alt"]
    return {"$schema": DIALECT, "title": "The calendar of a campaign", **schema}


def overlay_schema(form: type[CalendarForm], platforms: Sequence[AccountKeys] = ()) -> Schema:
    """A file over the calendar, which only has to say what it says differently."""
    schema = _schema(form, platforms)
    own = form.model_fields.keys() - CalendarForm.model_fields.keys()
    for name, definition in schema["$defs"].items():
        if name not in _WHOLE:
            definition.pop("required", None)
    schema["required"] = [
        name for name in form.model_fields if name in own and form.model_fields[name].is_required()
    ]
    if form is LanguageForm:
        _leave_words(schema)
    return {"$schema": DIALECT, "title": "A file over the calendar of a campaign", **schema}


def holds_schema() -> Schema:
    """holds.yaml, where each entry names exactly one thing."""
    schema: Schema = HoldsForm.model_json_schema(schema_generator=_Typed)
    for definition in (schema, *schema["$defs"].values()):
        definition.pop("title", None)
        _close(definition)
    # An editor that reads YAML 1.1 takes yes for true.
    everything = schema["$defs"]["HoldForm"]["properties"]["everything"]
    everything |= {"enum": [everything.pop("const"), True], "type": ["string", "boolean"]}
    schema["$defs"]["HoldForm"] |= {"oneOf": [{"required": [str(scope)]} for scope in Scope]}
    return {"$schema": DIALECT, **schema, "title": "What must not go out"}


def _leave_words(schema: Schema) -> None:
    """Take out what a language's file may not say."""
    sayable: dict[str, set[str]] = {"": {"language"}}
    for words in WORDS:
        for end in range(len(words)):
            form = form_at(LanguageForm, words[:end])
            if form is not None and words[end] != ANY:
                name = "" if form is LanguageForm else form.__name__
                sayable.setdefault(name, {TRANSLATION}).add(str(words[end]))
    for name, keys in sayable.items():
        definition = schema["$defs"][name] if name else schema
        properties = definition["properties"]
        definition["properties"] = {key: properties[key] for key in properties if key in keys}


#: What only a language's file says, and the forms of it.
_ONLY_TRANSLATED = ("translation", "in_translation")
_OF_TRANSLATIONS = ("TranslationForm", "InTranslationForm")
#: Lists, and what an overlay has for itself alone, are written whole.
_WHOLE = frozenset({"MemberHeadForm", "SlideForm", "ValueForm", "InTranslationForm", "AccountForm"})


def _schema(form: type[CalendarForm], platforms: Sequence[AccountKeys]) -> Schema:
    schema: Schema = form.model_json_schema(schema_generator=_Typed)
    for definition in (schema, *schema["$defs"].values()):
        definition.pop("title", None)
        _close(definition)
    _name_platforms(schema["$defs"]["AccountForm"], platforms)
    return schema


# ── what may be typed ─────────────────────────────────────────────────────────────────────────────


def _text(title: str, pattern: str = "", *examples: str) -> Schema:
    """Text of one form; `title` is what people call it."""
    return {
        "title": title,
        "type": "string",
        **({"pattern": pattern} if pattern else {}),
        **({"examples": list(examples)} if examples else {}),
    }


_FONT = _text(
    "font",
    r"^(?:(?!/)(?![A-Za-z]:)(?!.*\.\.(?:/|$)).+\.(?:[tT][tT][fF]|[oO][tT][fF])"
    rf"|{'|'.join(Typeface)})$",
    "assets/brand.ttf",
)
#: For the forms that `schema` checks with code of its own: how they are typed, for an editor.
_WRITTEN: Mapping[Any, Schema] = MappingProxyType(
    {
        Zone: _text("time zone", r"^[A-Za-z0-9_+\-]+(?:/[A-Za-z0-9_+\-]+)*$", "Europe/Berlin"),
        Duration: _text(
            "length of time",
            r"^\s*(?:\d{1,3}\s*[hH](?:\s*\d{1,4}\s*[mM](?:[iI][nN])?)?"
            r"|\d{1,4}\s*[mM](?:[iI][nN])?)\s*$",
            "3h",
            "45m",
            "1h30m",
        ),
        ClockTime: _text("time of day", f"^{_CLOCK}$", "09:00", "17:30"),
        FontName: _FONT,
        FontNames: {
            "title": "font or fonts",
            "anyOf": [_FONT, {"type": "array", "minItems": 1, "items": _FONT}],
            "examples": ["assets/brand.ttf", "Inter"],
        },
        FileName: _text("file", r"^(?!/)(?![A-Za-z]:)(?!.*\.\.(?:/|$)).+$", "assets/logo.png"),
        ServedAddress: _text(
            "address", r"^\s*[hH][tT][tT][pP][sS]?://[^\s?#@]+\s*$", "https://pictures.example.org"
        ),
        # Spelled out, since to an editor \w is only a to z.
        Tag: _text("hashtag", r"^(?!#?\d+$)#?[^\s!-/:-@\[-^`{-~]+$", "#16Days"),
        LocalInstant: _text(
            "date and time", rf"^\d{{4}}-\d\d-\d\d[ T]{_CLOCK}$", "2026-11-25 10:00"
        ),
        HourRange: _text("hours", rf"^\s*{_CLOCK}\s*[-–]\s*{_CLOCK}\s*$", "21:00-07:00"),
        DayRange: {
            "title": "day or days",
            "anyOf": [
                {"type": "integer", "minimum": 1, "maximum": DAYS},
                {"type": "string", "pattern": rf"^\s*(?:any|{_DAY}(?:\s*[-–]\s*{_DAY})?)\s*$"},
            ],
            "examples": [3, "3-8", "any"],
        },
    }
)
#: What people call the forms that are patterns, with an example.
_CALLED: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        get_args(form)[-1].pattern: called
        for form, called in (
            (Identifier, ("id", "listen-to-survivors")),
            (Colour, ("colour", "#3B1A5A")),
            (Language, ("language", "en")),
            (Country, ("country", "DE")),
        )
    }
)
#: By the function that checks it.
_WRITTEN_BY: Mapping[Callable[..., Any], Schema] = MappingProxyType(
    {get_args(form)[-1].func: schema for form, schema in _WRITTEN.items()}
)


class _Typed(GenerateJsonSchema):
    """pydantic's own generator, but for what is typed and not for what it becomes."""

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        made = super().str_schema(schema)
        if called := _CALLED.get(made.get("pattern", "")):
            return {**made, "title": called[0], "examples": [called[1]]}
        return {**made, "title": "text", "type": ["string", "number", "boolean"]}

    def url_schema(self, schema: core_schema.UrlSchema) -> JsonSchemaValue:
        del schema
        return _text("address", r"^\s*[hH][tT][tT][pP][sS]?://\S+\s*$", "https://example.org/page")

    def date_schema(self, schema: core_schema.DateSchema) -> JsonSchemaValue:
        del schema
        return _text("date", _DATE, "2026-11-25")

    def bool_schema(self, schema: core_schema.BoolSchema) -> JsonSchemaValue:
        del schema
        return {"title": "yes or no", "enum": [*_YES_NO, True, False]}

    def int_schema(self, schema: core_schema.IntSchema) -> JsonSchemaValue:
        return _number(super().int_schema(schema), r"^\s*\d+\s*$", "whole number")

    def float_schema(self, schema: core_schema.FloatSchema) -> JsonSchemaValue:
        return _number(super().float_schema(schema), r"^\s*\d+(?:\.\d+)?\s*$", "number")

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """Optional keys are left out; an empty value is a mistake, whatever becomes of it here."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        made = self.generate_inner(schema["schema"])
        default = as_typed(schema.get("default"))
        if default is None:
            return made
        return {**made, "default": default}

    def function_before_schema(
        self, schema: core_schema.BeforeValidatorFunctionSchema
    ) -> JsonSchemaValue:
        written = _WRITTEN_BY.get(schema["function"]["function"])
        return dict(written) if written else super().function_before_schema(schema)

    def function_after_schema(
        self, schema: core_schema.AfterValidatorFunctionSchema
    ) -> JsonSchemaValue:
        written = _WRITTEN_BY.get(schema["function"]["function"])
        return dict(written) if written else super().function_after_schema(schema)

    def field_title_should_be_set(self, schema: Any) -> bool:
        """No titles made of field names: they would hide ours."""
        del schema
        return False


def _number(made: JsonSchemaValue, pattern: str, title: str) -> JsonSchemaValue:
    return {"title": title, "anyOf": [made, {"type": "string", "pattern": pattern}]}


def as_typed(value: Any) -> str | None:
    """A default as a person would type it, or None when it is better left unsaid."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, timedelta):
        hours, minutes = divmod(int(value.total_seconds()) // 60, 60)
        return "".join(f"{n}{unit}" for n, unit in ((hours, "h"), (minutes, "m")) if n)
    if isinstance(value, Enum):
        return str(value.value)
    return str(value) if value and isinstance(value, str | int | float) else None


# ── what belongs together ─────────────────────────────────────────────────────────────────────────


def _close(definition: Schema) -> None:
    """Ids and days that are none are underlined too, as unknown keys are."""
    for name, value in definition.get("properties", {}).items():
        if "patternProperties" in value:
            value["additionalProperties"] = False
        if name == "days":
            value["propertyNames"] = {"pattern": f"^{_DAY}$"}


def _one_kind(kinds: Sequence[str]) -> Schema:
    return {"oneOf": [{"required": [kind]} for kind in kinds]}


#: What `PostForm` checks with code of its own, said again in the editors' words.
_POST_RULES: Schema = {
    "allOf": [
        {"oneOf": [{"required": ["day"]}, {"required": ["series"]}]},
        # Each picture of a carousel has its own.
        {"oneOf": [{"required": ["alt"]}, {"required": ["carousel"]}]},
    ],
    "dependencies": {"series": ["number"], "number": ["series"], "excerpt": ["quote"]},
}


def _name_platforms(account: Schema, platforms: Sequence[AccountKeys]) -> None:
    if not platforms:
        return
    account["properties"]["platform"] |= {
        "type": "string",
        "enum": [one.platform for one in platforms],
    }
    account["allOf"] = [
        {
            "if": {
                "properties": {"platform": {"const": one.platform}},
                "required": ["platform"],
            },
            "then": _account(one),
        }
        for one in platforms
    ]


def _account(one: AccountKeys) -> Schema:
    properties = {name: _account_key(key) for name, key in one.keys.items()}
    return {
        "properties": {"platform": {}, **properties},
        "required": [name for name, key in one.keys.items() if key.required],
        "additionalProperties": False,
    }


def _account_key(key: AccountKey) -> Schema:
    if key.secret:
        return {"description": key.meaning, "$ref": "#/$defs/SecretForm"}
    if set(key.choices) == {"true", "false"}:
        return {"description": key.meaning, "enum": ["true", "false", True, False]}
    if key.choices:
        return {"description": key.meaning, "enum": list(key.choices)}
    return {"description": key.meaning, "type": ["string", "number"]}
