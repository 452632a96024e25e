"""Members that post by hand."""

from __future__ import annotations

from datetime import UTC, datetime

from small_coalition import CYPRUS

#: On the eve of the first day.
EVE = datetime(2026, 11, 24, 12, tzinfo=UTC)
#: Cyprus takes part with a kit: on Instagram and on Facebook.
BY_HAND = CYPRUS.replace("id: cyprus,", "id: cyprus, kit: yes,").replace(
    "  page: {platform: folder, directory: cyprus}",
    '  insta: {platform: instagram, user_id: "18"}\n  seite: {platform: facebook, page: "17"}',
)
_OF_POST = "    translation:\n      of:\n        text: Today"
_BY = "state: reviewed\n      by: Eleni\n      on: 2026-11-20\n      of:"
#: All Greek words of the first post are reviewed, and those of the second one are not.
REVIEWED = (
    (_OF_POST, _OF_POST.replace("of:", _BY)),
    (
        "translation: {of: {theme: Why we speak}}",
        "translation: {state: reviewed, by: Eleni, on: 2026-11-20, of: {theme: Why we speak}}",
    ),
)
EMBARGO = ("    day: 2\n", '    day: 2\n    embargo: "2026-11-26 08:00"\n')
