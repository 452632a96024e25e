"""One file over another: mappings merge, lists and texts replace.

What an organisation says is the calendar, then its language's file over it, then its own. Nothing
else decides, so that a person can predict it: the file that is nearest to the post has the word.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from scheduler.calendar.reading import FILES_KEPT, Tree, Values
from scheduler.calendar.schema import PostForm
from scheduler.remembering import remembered

#: What a post can be; a file above that writes another of them takes the place of the one below.
_KINDS = frozenset(PostForm.kinds())
#: Written above, these take the place of what says the same thing in another way below.
_INSTEAD: Mapping[str, frozenset[str]] = MappingProxyType(
    {"day": frozenset({"series", "number"}), "series": frozenset({"day"})}
)


#: Written above, it takes the place of the whole: half of one bucket and half of another is none,
#: and a key of one organisation must not be tried on another's server.
_WHOLE = frozenset({"hosting"})


@remembered(FILES_KEPT)
def overlaid(below: Tree, above: Tree, *, without: frozenset[str] = frozenset()) -> Tree:
    """What stands in `above`, over what stands in `below`, of which `without` is not taken over."""
    kept = {key: value for key, value in below.values.items() if key not in without}
    values = kept | {
        key: _section(key, kept[key], value) if key in kept else value
        for key, value in above.values.items()
    }
    places = above.places.over(below.places)
    return Tree(values=values, places=places, problems=(*below.problems, *above.problems))


def _section(key: str, below: Any, above: Any) -> Any:
    if key in _WHOLE:
        return above
    if key != "posts" or not isinstance(below, dict) or not isinstance(above, dict):
        return merged(below, above)
    return below | {
        id_: _post(below[id_], post) if id_ in below else post for id_, post in above.items()
    }


def merged(below: Any, above: Any) -> Any:
    """Two values of the same key: only mappings have something in common."""
    if not isinstance(below, dict) or not isinstance(above, dict):
        return above
    return below | {
        key: merged(below[key], value) if key in below else value for key, value in above.items()
    }


def _post(below: Any, above: Any) -> Any:
    """A post over the one of the same id."""
    if not isinstance(below, dict) or not isinstance(above, dict):
        return above
    gone: set[str] = set()
    for key in above:
        gone |= _INSTEAD.get(key, frozenset())
    if (written := _KINDS & above.keys()) and written != _KINDS & below.keys():
        gone |= _KINDS - written
    if _shows_something_else(below, above):
        # An alt text, or a part of a quotation, would describe what is no longer there.
        gone |= {"alt", "excerpt"}
    return merged({key: value for key, value in below.items() if key not in gone}, above)


def _shows_something_else(below: Values, above: Values) -> bool:
    def shown(post: Values) -> dict[str, Any]:
        kinds = {kind: post[kind] for kind in _KINDS & post.keys()}
        named = {kind: value for kind, value in kinds.items() if isinstance(value, str)}
        photo = kinds.get("photo")
        picture = photo.get("picture") if isinstance(photo, dict) else None
        return named | ({"picture": picture} if picture is not None else {})

    other_kind = bool(_KINDS & above.keys()) and not _KINDS & above.keys() <= below.keys()
    old = shown(below)
    return other_kind or any(old.get(key) != value for key, value in shown(above).items())
