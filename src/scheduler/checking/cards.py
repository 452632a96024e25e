"""What keeps a card from being drawn, told at the words that it concerns."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.cards import BadTemplate, CardError, check_template
from scheduler.checking.places import written_path
from scheduler.errors import Problem
from scheduler.model import Campaign, Place, Post


def card_problem(campaign: Campaign, post: Post, number: int, error: CardError) -> Problem:
    if isinstance(error, BadTemplate) and error.file:
        return _template_problem(error)
    place = campaign.places.value(*written_path(campaign, post, number, error.slot))
    code = "".join(
        f"-{letter.lower()}" if letter.isupper() else letter for letter in type(error).__name__
    )
    message = f'day {post.day}, post "{post.id}": {error}'
    return place.problem(code.removeprefix("-"), message)


def _template_problem(error: BadTemplate) -> Problem:
    place = Place(file=error.file, line=error.line, column=error.column)
    return place.problem("bad-template", error.message, error.hint)


def template_problems(campaign: Campaign) -> Iterator[Problem]:
    """What is wrong with the campaign's own templates, those that no card uses included."""
    for file in campaign.brand.templates:
        try:
            check_template(file)
        except BadTemplate as error:
            yield _template_problem(error)
