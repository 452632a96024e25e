"""Templates and style sheet in, pages out. Every value is escaped."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from importlib.resources import files
from typing import Any

from scheduler import saying
from scheduler.interface import ENGLISH, Interface
from scheduler.templating import Environment, environment_of, is_web

#: Nothing runs, nothing is loaded from elsewhere. Browsers disagree on whether 'self' is the disk
#: when a page is opened from there, so `file:` is said as well; a page that came from a server may
#: not load it anyway.
POLICY = (
    "default-src 'none'; img-src 'self' file: data:; style-src 'self' file:; "
    "base-uri 'none'; form-action 'none'"
)

#: Of the one page that filters its list: no other script runs than those that lie beside it.
RUNNING_POLICY = f"{POLICY}; script-src 'self' file:"

#: The files that lie beside the pages, each with its parts: the style of pages, then of networks.
_BESIDE = {
    "style.css": ("style.css", "glance.css", "networks.css", "change.css"),
    "filters.js": ("filters.js",),
}
_FOLLOWING = ("live.css", "live.js", "live.svg")
_OWN_POLICY = '<meta http-equiv="Content-Security-Policy" content="{{ policy }}">'
_FOLLOWED = (
    '<link rel="stylesheet" href="/live/live.css"><script src="/live/live.js" defer></script>'
)
#: Without it a browser asks for /favicon.ico; the strict policy takes no picture out of a page.
_NO_ICON, _ICON = '<link rel="icon" href="data:,">', '<link rel="icon" href="/live/live.svg">'


def page(
    template: str, interface: Interface, *, up: str = "", runs: bool = False, **values: Any
) -> str:
    """The template `<template>.html.j2`, filled; `up` leads from the page to the outermost one.

    `runs` allows the page the scripts that lie beside it.
    """
    policy = RUNNING_POLICY if runs else POLICY
    found = _environment(interface).get_template(f"{template}.html.j2")
    return found.render(up=up, policy=policy, **values)


def is_ours(text: str) -> bool:
    """Whether a page was written here: each carries the policy, and nobody else's does."""
    return _environment(ENGLISH).from_string("{{ policy }}").render(policy=POLICY) in text


def beside() -> Mapping[str, str]:
    """The style sheet, and the script of the list, by their names."""
    return {name: "\n".join(map(_shipped, parts)) for name, parts in _BESIDE.items()}


def followed() -> Mapping[str, str]:
    """What makes a page follow the calendar while it is served, by their names."""
    return {name: _shipped(name) for name in _FOLLOWING}


def served(text: str) -> str:
    """A page as it is served: its policy comes with the answer, and it follows what is saved.

    Nothing of its body is changed.
    """
    template = _environment(ENGLISH).from_string(_OWN_POLICY)
    for policy in (POLICY, RUNNING_POLICY):
        text = text.replace(template.render(policy=policy), _FOLLOWED, 1)
    return text.replace(_NO_ICON, _ICON, 1)


def _shipped(name: str) -> str:
    return files("scheduler.preview").joinpath("templates", name).read_text("utf-8")


@cache
def _environment(interface: Interface) -> Environment:
    environment = environment_of("scheduler.preview", interface)
    named = {
        each.__name__: partial(each, interface)
        for each in (
            saying.amount,
            saying.aspect,
            saying.fault,
            saying.measure,
            saying.outcome,
            saying.platform,
            saying.state,
            saying.unit,
            saying.universal,
        )
    }
    environment.filters |= named | {"capital": saying.capital, "direction": saying.direction}
    environment.tests["web"] = is_web
    environment.globals |= {"until": partial(saying.until, interface)}
    return environment
