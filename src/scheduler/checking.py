"""Every problem in one list: the calendar's own, and those that only a draft shows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from types import MappingProxyType

from scheduler.calendar import read_calendar
from scheduler.cards import BadTemplate, CardError, Drawn, Filled, Shelf, check_template
from scheduler.differing import aspects, named
from scheduler.drafting import cards, drafts, measuring
from scheduler.errors import Problem, Severity
from scheduler.hosting import is_here
from scheduler.linting import LINTS, lint
from scheduler.model import (
    DAYS,
    OWN,
    Account,
    CallContent,
    Campaign,
    Card,
    Coalition,
    Content,
    Draft,
    GraphicContent,
    Key,
    KeyPath,
    Measure,
    OpenerContent,
    PhotoContent,
    Place,
    Post,
    Public,
    QuoteContent,
    StatisticContent,
    Wording,
    Yes,
)
from scheduler.naming import nearest
from scheduler.planning import plan, plan_of
from scheduler.platforms import PLATFORMS, Limits, Platform

#: post id and account name
Pair = tuple[str, str]
#: Told how many steps there are; gives back what to call after each.
Progress = Callable[[int], Callable[[], None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A calendar with everything that is wrong with it, and the drafts that can be made of it.

    `coalition` is None when the calendar itself has an error, and without the members whose own
    files have one; a pair is absent from `drafts` when its card cannot be drawn.
    """

    coalition: Coalition | None
    problems: tuple[Problem, ...]
    #: Of each pair the parts in their order: one, or those of a thread.
    drafts: Mapping[Pair, tuple[Draft, ...]]
    measures: Mapping[Pair, tuple[tuple[Measure, ...], ...]]
    #: Why a post must not go out on an account as it is; the others may.
    held: Mapping[Pair, str]
    #: The organisations, by id, whose whole campaign must not be taken up.
    refused: frozenset[str]
    cards_drawn: int
    cards_reused: int
    #: What people said of each delivery as it stands now; None where no ledger was asked.
    approvals: Mapping[Key, Yes] | None = None
    #: What is public already; empty where no ledger was asked.
    public: Mapping[Key, Public] = field(default_factory=dict)

    @property
    def sound(self) -> bool:
        """Whether there is no error."""
        return self.coalition is not None and not any(
            problem.severity is Severity.ERROR for problem in self.problems
        )

    @property
    def taken_up(self) -> Coalition | None:
        """What may be published, held back or not: None when the calendar itself is refused."""
        if self.coalition is None or OWN in self.refused:
            return None
        campaigns = {
            id_: campaign
            for id_, campaign in self.coalition.campaigns.items()
            if id_ not in self.refused
        }
        return replace(
            self.coalition,
            campaigns=MappingProxyType(campaigns),
            complete=self.coalition.complete and not self.refused,
        )

    @property
    def drawn(self) -> bool:
        """Whether every card of the drafts lies there."""
        return all(
            picture.digest
            for parts in self.drafts.values()
            for draft in parts
            for picture in draft.pictures
        )

    @property
    def deliveries(self) -> int:
        return 0 if self.coalition is None else len(plan(self.coalition))


@dataclass(slots=True)
class _Found:
    """Problems as they are found, with what they hold back."""

    problems: set[Problem] = field(default_factory=set)
    held: dict[Pair, str] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)

    def refuse(self, campaign: Campaign, problems: Iterable[Problem]) -> None:
        """With an error among them nothing of the organisation is taken up."""
        for problem in problems:
            self.problems.add(problem)
            if problem.severity is Severity.ERROR:
                self.refused.add(campaign.member.id)

    def add(self, problem: Problem, *pairs: Pair) -> None:
        self.problems.add(problem)
        if problem.severity is Severity.ERROR:
            self.hold(pairs, f"{problem.message} ({problem.code})")

    def hold(self, pairs: Iterable[Pair], reason: str) -> None:
        for pair in pairs:
            self.held.setdefault(pair, reason)


def check(
    file: Path,
    *,
    shelf: Shelf,
    on: date,
    public: Mapping[str, date] = MappingProxyType({}),
    live: Mapping[str, Collection[str]] = MappingProxyType({}),
    draw: bool | Collection[str] = True,
    progress: Progress | None = None,
) -> Checked:
    """Read the calendar and make every draft of it; nothing is sent, nobody is contacted.

    `on` is taken for today; `public` has the date of day 1 of each campaign of which something is
    public already, `live` the accounts of each that a ledger publishes to; `progress` follows the
    cards. Without `draw` they are only composed:
    every problem is found, save that a picture has too many bytes, and the drafts have none yet.
    Where `draw` names organisations by id, only their cards are drawn, and those of others are not
    even composed: what is wrong with these is found when they are.
    """
    study = _Study(shelf=shelf, draw=draw, progress=progress)
    reading = read_calendar(file)
    found = _Found(problems={*reading.problems, *reading.translating})
    if reading.rest is None:
        return _checked(None, found, _Made())
    for campaign in reading.rest.campaigns.values():
        _look_through(campaign, found, on)
    for campaign, problem in (*_shared_accounts(reading.rest), *_laxer(reading.rest)):
        found.refuse(campaign, [problem])
    own = reading.rest.own
    found.problems.update(_calendar_problems(own, on))
    found.problems.update(_template_problems(own))
    found.problems.update(_nobody_told(own, live.get(own.id, ())))
    if reading.coalition is not None:
        found.refuse(own, _moved(own, public.get(own.id)))
    made = _drawn(list(filter(_drawable, reading.rest.campaigns.values())), found, study)
    return _checked(reading.coalition, found, made)


def _look_through(campaign: Campaign, found: _Found, on: date) -> None:
    """What can be said of one organisation's campaign before any card is composed."""
    found.refuse(campaign, _account_problems(campaign))
    for finding in lint(campaign, on=on):
        found.add(finding.problem, *_pairs(campaign, *finding.posts))
    for post in campaign.posts.values():
        if post.translation is not None and post.translation.wording is Wording.MISSING:
            found.hold(_pairs(campaign, post.id), f"its words in {post.language} are not all there")


def _pairs(campaign: Campaign, *posts: str) -> list[Pair]:
    return [(id_, account) for id_ in posts for account in campaign.posts[id_].accounts]


def _drawable(campaign: Campaign) -> bool:
    return all(account.platform in PLATFORMS for account in campaign.accounts.values())


def _checked(coalition: Coalition | None, found: _Found, made: _Made) -> Checked:
    shown = () if coalition is None else coalition.campaigns.values()
    pairs = {pair for campaign in shown for pair in _pairs(campaign, *campaign.posts)}
    return Checked(
        coalition=coalition,
        problems=tuple(sorted(found.problems)),
        drafts={pair: drafts for pair, drafts in made.drafts.items() if pair in pairs},
        measures={pair: counted for pair, counted in made.measures.items() if pair in pairs},
        held=found.held,
        refused=frozenset(found.refused),
        cards_drawn=made.cards_drawn,
        cards_reused=made.cards_reused,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """The drafts of all organisations, and what it took."""

    drafts: Mapping[Pair, tuple[Draft, ...]] = field(default_factory=dict)
    measures: Mapping[Pair, tuple[tuple[Measure, ...], ...]] = field(default_factory=dict)
    cards_drawn: int = 0
    cards_reused: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Study:
    """Where the cards are made, or only tried."""

    shelf: Shelf
    draw: bool | Collection[str]
    progress: Progress | None

    def draws(self, campaign: Campaign) -> bool:
        """Whether the cards of this organisation are drawn."""
        return self.draw if isinstance(self.draw, bool) else campaign.member.id in self.draw

    def fill(self, drawn: Mapping[str, Card], tried: Mapping[str, Card]) -> Filled:
        on_drawn = self.progress(len(drawn)) if self.progress and drawn else None
        filled = self.shelf.fill(drawn, on_drawn=on_drawn)
        if not isinstance(self.draw, bool):
            return filled  # whoever names some of them draws the others next, and tries them so
        proofed = self.shelf.proof(tried)
        return Filled(
            drawn=filled.drawn,
            reused=filled.reused + proofed.reused,
            problems={**filled.problems, **proofed.problems},
        )

    def cards(self, campaign: Campaign, named: Iterable[tuple[str, Card]]) -> list[Drawn]:
        take = self.shelf.card if self.draws(campaign) else self.shelf.proofed
        return [take(card, name) for name, card in named]


def _names(
    shelf: Shelf, wanted: Iterable[Mapping[Pair, Sequence[Card]]]
) -> dict[Pair, tuple[str, ...]]:
    """The digests under which all cards lie, asked for at once."""
    shown = [(pair, each) for of_one in wanted for pair, each in of_one.items()]
    names = iter(shelf.names([card for _, each in shown for card in each]))
    return {pair: tuple(islice(names, len(each))) for pair, each in shown}


def _drawn(campaigns: Sequence[Campaign], found: _Found, study: _Study) -> _Made:
    wanted = [cards(campaign) for campaign in campaigns]
    names = _names(study.shelf, wanted)
    drawn: dict[str, Card] = {}
    tried: dict[str, Card] = {}
    for campaign, of_one in zip(campaigns, wanted, strict=True):
        unique = drawn if study.draws(campaign) else tried
        for pair, shown in of_one.items():
            unique.update(zip(names[pair], shown, strict=True))
    filled = study.fill(drawn, {name: card for name, card in tried.items() if name not in drawn})
    made: dict[Pair, tuple[Draft, ...]] = {}
    measures: dict[Pair, tuple[tuple[Measure, ...], ...]] = {}
    for campaign, of_one in zip(campaigns, wanted, strict=True):
        whole = {
            pair: drafts(
                campaign,
                campaign.posts[pair[0]],
                study.cards(campaign, zip(names[pair], shown, strict=True)),
            )
            for pair, shown in of_one.items()
            if not any(name in filled.problems for name in names[pair])
        }
        accounts = {name: measuring(account) for name, account in campaign.accounts.items()}
        counted = {
            pair: tuple(map(accounts[pair[1]].measure, parts)) for pair, parts in whole.items()
        }
        _find_in_cards(campaign, found, {pair: names[pair] for pair in of_one}, filled)
        _find_in_measures(campaign, found, counted)
        limits = {name: account.limits for name, account in accounts.items()}
        _find_in_pictures(campaign, found, whole, limits)
        made |= whole
        measures |= counted
    return _Made(
        drafts=made, measures=measures, cards_drawn=filled.drawn, cards_reused=filled.reused
    )


def _find_in_cards(
    campaign: Campaign, found: _Found, names: Mapping[Pair, tuple[str, ...]], filled: Filled
) -> None:
    for pair, digests in names.items():
        for number, name in enumerate(digests):
            if error := filled.problems.get(name):
                found.add(_card_problem(campaign, campaign.posts[pair[0]], number, error), pair)


def _find_in_measures(
    campaign: Campaign,
    found: _Found,
    measures: Mapping[Pair, tuple[tuple[Measure, ...], ...]],
) -> None:
    for pair, counted in measures.items():
        for part, measured in enumerate(counted):
            for problem in excesses(campaign, pair, part, measured):
                found.add(problem, pair)


def _find_in_pictures(
    campaign: Campaign,
    found: _Found,
    made: Mapping[Pair, tuple[Draft, ...]],
    limits: Mapping[str, Limits],
) -> None:
    for pair, parts in made.items():
        for problem in unfit(campaign, pair, parts[0], limits[pair[1]]):
            found.add(problem, pair)


# ── accounts ──────────────────────────────────────────────────────────────────────────────────────


def _account_problems(campaign: Campaign) -> Iterator[Problem]:
    for account in campaign.accounts.values():
        path = ("accounts", account.name.rpartition(".")[-1])
        platform = PLATFORMS.get(account.platform)
        if platform is None:
            message = f'account "{account.name}": there is no platform "{account.platform}"'
            place = campaign.places.value(*path, "platform")
            yield place.problem("unknown-platform", message, nearest(account.platform, PLATFORMS))
            continue
        for name, message in platform.problems(account):
            if account.kit and name in platform.secrets:
                continue  # whoever posts from a kit signs in by hand
            place = campaign.places.key(*path, name)
            yield place.problem("bad-account", f'account "{account.name}": "{name}" {message}')
        yield from _hosting_problems(campaign, account, platform)
        yield from _lost_alts(campaign, account, platform)


def _hosting_problems(
    campaign: Campaign, account: Account, platform: type[Platform]
) -> Iterator[Problem]:
    """A platform that fetches pictures needs a place to fetch them from."""
    if account.kit or not platform.fetches_pictures:
        return
    place = campaign.places.key("accounts", account.name.rpartition(".")[-1])
    if campaign.hosting is None:
        yield place.problem(
            "no-hosting",
            f'account "{account.name}": {account.platform} fetches pictures from a public address, '
            "and the calendar says nowhere where they could lie",
            "add hosting: with a bucket, or with a directory and its address; docs/hosting.md",
        )
    elif is_here(campaign.hosting) and account.options.get("sandbox") != "true":
        yield campaign.places.key("hosting").problem(
            "hosting-here",
            f'account "{account.name}": {account.platform} cannot reach this machine from outside',
            "write the address at which everybody can read the pictures",
        )


def _lost_alts(campaign: Campaign, account: Account, platform: type[Platform]) -> Iterator[Problem]:
    """Descriptions that nobody will be told, unless somebody has said that it shall be so."""
    if "alts" in platform.options and "alts" not in account.options and not account.kit:
        yield campaign.places.key("accounts", account.name.rpartition(".")[-1]).problem(
            "alts-lost",
            f'account "{account.name}": {account.platform} has no field for what a picture shows: '
            "those who do not see it are told nothing",
            "add alts: caption, so that it stands below the text; or alts: none",
            Severity.WARNING,
        )


_STRICTNESS = ("off", "warning", "error")


def _laxer(coalition: Coalition) -> Iterator[tuple[Campaign, Problem]]:
    """A member may hold itself to more than the calendar does, and never to less."""
    own = coalition.own.rules.lints
    for campaign in coalition.campaigns.values():
        for code, chosen in campaign.rules.lints.items():
            least = own.get(code, LINTS[code].severity) if code in LINTS else chosen
            if campaign.member.id != OWN and _STRICTNESS.index(chosen) < _STRICTNESS.index(least):
                place = campaign.places.value("campaign", "lints", code)
                message = f'"{code}" is {least} for everybody: a member cannot make it {chosen}'
                hint = "take the line out, or agree on it in the calendar itself"
                yield campaign, place.problem("lint-laxer", message, hint)


def _shared_accounts(coalition: Coalition) -> Iterator[tuple[Campaign, Problem]]:
    """Two organisations that would publish through one and the same token say everything twice."""
    first: dict[tuple[object, ...], Account] = {}
    for campaign in coalition.campaigns.values():
        for account in campaign.accounts.values():
            if not account.secrets or account.kit:
                continue
            # On LinkedIn a person's token may speak for several authors.
            where = [account.options.get(name, "") for name in ("server", "author")]
            token = (account.platform, *where, *sorted(map(str, account.secrets.values())))
            if first.setdefault(token, account) is not account:
                place = campaign.places.key("accounts", account.name.rpartition(".")[-1])
                message = f'account "{account.name}" has the token of "{first[token].name}"'
                hint = "an account belongs to one organisation: give each its own"
                yield campaign, place.problem("shared-account", message, hint)


# ── the sixteen days ──────────────────────────────────────────────────────────────────────────────


def _calendar_problems(campaign: Campaign, on: date) -> Iterator[Problem]:
    last = campaign.date_of(DAYS)
    if last < on:
        yield campaign.places.value("campaign", "first_day").problem(
            "campaign-over",
            f"the last day was {last}, and today is {on}: nothing of it will go out any more",
            "set first_day and a new id for the next edition",
            Severity.WARNING,
        )
    spoken = {post.day for post in campaign.posts.values()}
    silent = [str(day) for day in range(1, DAYS + 1) if day not in spoken]
    if silent:
        days = "day" if len(silent) == 1 else "days"
        yield campaign.places.key("posts").problem(
            "empty-day",
            f"nothing is said on {days} {', '.join(silent)}",
            "add a post, or leave the silence on purpose",
            Severity.WARNING,
        )


def _nobody_told(campaign: Campaign, live: Collection[str]) -> Iterator[Problem]:
    if live and campaign.alerts is None:
        accounts = f"{len(live)} accounts are" if len(live) > 1 else f"{min(live)} is"
        yield campaign.places.key("campaign").problem(
            "no-alerts",
            f"{accounts} live, and nobody is told when something needs a person",
            "add alerts, and try them with campaign alerts --test; docs/alerts.md",
            Severity.WARNING,
        )


def _moved(campaign: Campaign, before: date | None) -> Iterator[Problem]:
    if before is None or before == campaign.first_day:
        return
    moved = campaign.first_day - before
    yield campaign.places.value("campaign", "first_day").problem(
        "first-day-moved",
        f'the first day of "{campaign.id}" was {before}, and posts of it are public already; '
        f"this would move every other post by {moved // timedelta(days=1)} days",
        f"write {before} again; a new edition needs a new campaign.id",
    )


# ── drafts ────────────────────────────────────────────────────────────────────────────────────────


#: What to do about too much, by what was counted, where it is no words.
_HINTS: Mapping[str, str] = MappingProxyType(
    {
        "bytes": "show a picture with fewer details, or leave the account out of this post",
        "pictures": "take pictures out of it, or leave the account out of this post",
    }
)


def excesses(
    campaign: Campaign, pair: Pair, part: int, measures: tuple[Measure, ...]
) -> Iterator[Problem]:
    """What is more, or less, than the platform takes."""
    post, account = campaign.posts[pair[0]], campaign.accounts[pair[1]]
    for measure in measures:
        if measure.excess:
            yield _place(campaign, post, part, measure.name).problem(
                "too-long",
                f'day {post.day}, post "{post.id}": {measure.name}: {measure.excess} '
                f"{measure.unit} over the limit of {measure.limit} "
                f'({account.platform}, account "{account.name}")',
                _HINTS.get(measure.unit, "shorten it; nothing is ever cut off by the program"),
            )
        if measure.lack:
            yield _place(campaign, post, part, measure.name).problem(
                "too-few",
                f'day {post.day}, post "{post.id}": {measure.name}: {measure.used} of at least '
                f'{measure.least} ({account.platform}, account "{account.name}")',
                "the platform takes no words alone: say it in one part, or leave the account out "
                "of this post",
            )


def unfit(campaign: Campaign, pair: Pair, draft: Draft, limits: Limits) -> Iterator[Problem]:
    """Pictures in a form that the platform does not take."""
    post, account = campaign.posts[pair[0]], campaign.accounts[pair[1]]
    for number, picture in enumerate(draft.pictures):
        place = campaign.places.key(*_slide(post, number))
        told = f'day {post.day}, post "{post.id}": picture {number + 1}'
        of = f'({account.platform}, account "{account.name}")'
        if picture.media_type not in limits.media_types:
            taken = " or ".join(limits.media_types)
            message = f"{told} is {picture.media_type}, and only {taken} is taken {of}"
            yield place.problem("picture-format", message)
        least, most = limits.ratios
        ratio = picture.size.width / picture.size.height
        if not least <= ratio <= most:
            shape = f"{picture.size.width} × {picture.size.height}"
            message = (
                f"{told} is {shape}, {ratio:.2f} times as wide as high: {least:.3g} to {most:.3g} "
                f"is taken {of}"
            )
            yield place.problem("picture-ratio", message)


def _place(campaign: Campaign, post: Post, part: int, name: str) -> Place:
    """Where what was measured is written: "text", "alt text of picture 2", or "picture 2"."""
    places, last = campaign.places, name.rsplit(maxsplit=1)[-1]
    if part:
        return places.value("posts", post.id, "thread", part - 1)
    if not last.isdecimal():
        return places.value("posts", post.id, "text")
    slide = _slide(post, int(last) - 1)
    return places.value(*slide, "alt") if name.startswith("alt") else places.key(*slide)


def _slide(post: Post, number: int) -> KeyPath:
    return ("posts", post.id, "carousel", number) if len(post.slides) > 1 else ("posts", post.id)


def _card_problem(campaign: Campaign, post: Post, number: int, error: CardError) -> Problem:
    if isinstance(error, BadTemplate) and error.file:
        return _template_problem(error)
    place = campaign.places.value(*_written(campaign, post, number, error.slot))
    code = "".join(
        f"-{letter.lower()}" if letter.isupper() else letter for letter in type(error).__name__
    )
    message = f'day {post.day}, post "{post.id}": {error}'
    return place.problem(code.removeprefix("-"), message)


def _written(campaign: Campaign, post: Post, number: int, slot: str) -> KeyPath:
    """Where the words are written: those of an opener may be the day's."""
    path = slot_path(post, number, slot)
    opener = isinstance(post.slides[number].content, OpenerContent)
    if opener and slot in _OF_THE_DAY and not campaign.places.written(*path):
        return ("days", str(post.day), _OF_THE_DAY[slot])
    return path


_OF_THE_DAY = MappingProxyType({"headline": "theme", "body": "observance"})


def _template_problem(error: BadTemplate) -> Problem:
    place = Place(file=error.file, line=error.line, column=error.column)
    return place.problem("bad-template", error.message, error.hint)


def _template_problems(campaign: Campaign) -> Iterator[Problem]:
    """What is wrong with the campaign's own templates, those that no card uses included."""
    for file in campaign.brand.templates:
        try:
            check_template(file)
        except BadTemplate as error:
            yield _template_problem(error)


def slot_path(post: Post, number: int, slot: str) -> KeyPath:
    """Where the words of a slot are written in the calendar, for the post's card of that number."""
    if slot in {"kicker", "day"}:
        return ("days", str(post.day), "theme")
    if slot in {"name", "hashtag", "help", "funder", "logo", "second_logo"}:
        return ("brand", slot)
    if slot.partition(".")[0] == "fonts":
        return ("brand", *slot.split("."))
    return (*_content_path(_slide(post, number), post.slides[number].content, slot), slot)


def _content_path(slide: KeyPath, content: Content, slot: str) -> KeyPath:
    match content:
        case QuoteContent() if slot == "words" and content.excerpt is not None:
            return (*slide, "excerpt")
        case QuoteContent():
            return ("quotes", content.quote.id)
        case StatisticContent():
            return ("facts", content.fact.id)
        case PhotoContent() if slot in {"picture", "credit"}:
            return ("pictures", content.picture.id)
        case PhotoContent():
            return (*slide, "photo")
        case GraphicContent():
            return (*slide, "graphic")
        case CallContent():
            return (*slide, "call")
        case OpenerContent():
            return (*slide, "opener")


# ── what is public ────────────────────────────────────────────────────────────────────────────────


def against_public(checked: Checked) -> Checked:
    """The same, with a warning for each post that is public in other words, or with other pictures.

    Nobody sees the edit of a post that is public, and whoever made it should know.
    """
    campaigns = checked.coalition.campaigns.values() if checked.coalition else ()
    found = [problem for campaign in campaigns for problem in _edited(campaign, checked)]
    return replace(checked, problems=tuple(sorted({*checked.problems, *found})))


def _edited(campaign: Campaign, checked: Checked) -> Iterator[Problem]:
    edited: dict[tuple[str, int, str], list[str]] = {}
    for delivery in plan_of(campaign):
        public = checked.public.get(delivery.key)
        parts = checked.drafts.get((delivery.post, delivery.account), ())
        if public and len(parts) >= delivery.part:
            what = named(aspects(public.draft, parts[delivery.part - 1]))
            if what:
                told = (delivery.post, delivery.part, what)
                edited.setdefault(told, []).append(f'account "{delivery.account}"')
    for (id_, part, what), accounts in edited.items():
        post = campaign.posts[id_]
        yield _place(campaign, post, part - 1, "text").problem(
            "public-differs",
            f'day {post.day}, post "{post.id}": it is public, and the calendar says something else '
            f"now: {what} ({', '.join(accounts)})",
            "no edit changes what is public: write it as it was, or take it down with "
            "campaign withdraw; campaign status shows each word that differs",
            Severity.WARNING,
        )
