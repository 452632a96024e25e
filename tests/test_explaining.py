"""Where a value came from, and where a thing is used, is told with its line."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from scheduler.calendar import read_calendar
from scheduler.calendar.reading import read
from scheduler.explaining import Kind, explain, known, uses
from scheduler.ledger import Entry
from scheduler.model import Key, Receipt, State

MORE = """\
  third:
    series: evenings
    number: 2
    text: The second evening.
    accounts: [second]
    tags: ["#Own"]
    grace: 45m
    comments: "off"
    helpline: women
    embargo: 2026-11-27 10:00
    thread: [And this., And that.]
    carousel:
      - {statistic: shelters, alt: One.}
      - {photo: {picture: door, headline: Open}, alt: Two.}
      - {quote: guterres, excerpt: Listen to survivors, alt: Three.}
  floats:
    day: 3-8
    call: {headline: Come, body: The door is open.}
    text: Come.
    alt: Come. The door is open.
facts:
  shelters:
    figure: 0.4%
    statement: of the cost is made up by shelters.
    population: The EU
    year: "2021"
    source:
      publisher: EIGE
      title: The costs
      year: "2021"
      address: https://eige.europa.eu/
      required_text: Source EIGE.
    checked: publisher
    checked_on: 2026-11-22
    caveat: Extrapolated.
  unused:
    figure: "1"
    statement: of nothing.
    population: Nobody
    year: "2021"
    source: {publisher: P, title: T, year: "2021", address: "https://example.org/"}
    checked: publisher
    checked_on: 2026-11-22
    caveat: None.
pictures:
  door: {file: campaign.yaml, credit: Us, licence: CC0-1.0, consent: agreed}
consents:
  agreed: {scope: the picture, until: 2026-12-31}
helplines:
  women:
    number: "000"
    country: DE
    audience: survivors
    hours: always
    verified: publisher
    address: https://example.org/
series:
  evenings: {first: 2, every: 4, time: "19:30"}
"""


@pytest.fixture
def opened(calendar):
    def give(*changes):
        second = "published}\n  second: {platform: mastodon, server: https://m.example, token: "
        file = calendar(("published}\n", second + "{env: TOKEN}}\n"), *changes)
        quotes = "quotes:\n"
        text = file.read_text("utf-8").replace(quotes, f"{MORE}{quotes}")
        file.write_text(text, "utf-8")
        return (
            read_calendar(file).unwrap().own,
            read(file, name=file.name).values,
            text.splitlines(),
        )

    return give


def told(opened, post, *changes):
    """Each row by name: value, origin, and what stands at its place."""
    campaign, written, lines = opened(*changes)
    return {
        row.name: (
            row.value,
            str(row.origin),
            lines[row.place.line - 1][row.place.column - 1 :] if row.place else None,
        )
        for row in explain(campaign, written, post)
    }


def test_what_the_post_says_is_its_own_and_what_it_does_not_say_is_the_campaigns(opened):
    rows = told(opened, "launch")
    assert rows["day"] == ("1 (Wednesday, 25 November 2026)", "post", "1")
    assert rows["text"] == ("Today we begin.", "post", "Today we begin.")
    assert rows["time"] == ("09:00", "campaign", '"09:00"')
    assert rows["tags"] == ("#Small", "campaign", '["#Small"]')
    assert rows["language"] == ("en", "campaign", "en")
    assert rows["accounts"] == ("archive, second", "campaign", "accounts:")
    assert rows["theme"] == ("Why we speak", "campaign", "Why we speak}")
    assert rows["headline"][1:] == ("post", "We begin today, points: [One thing, Another thing]}")


def test_what_nobody_says_is_the_programs_default(opened):
    rows = told(opened, "launch")
    assert rows["grace"] == ("3h", "default", None)
    assert rows["comments"] == ("limited", "default", None)
    assert rows["note"] == ("", "default", None)


def test_the_campaigns_word_replaces_the_default_and_the_posts_replaces_both(opened):
    more = ("  language: en\n", "  language: en\n  grace: 90m\n  comments: on\n")
    moderated = ("  language: en\n", "  language: en\n  moderation: {by: us, hours: 09:00-17:00}\n")
    changed = told(opened, "launch", more, moderated)
    assert changed["grace"] == ("1h30m", "campaign", "90m")
    assert changed["comments"] == ("on", "campaign", "on")
    own = told(opened, "third", more, moderated)
    assert own["grace"] == ("45m", "post", "45m")
    assert own["comments"] == ("off", "post", '"off"')
    assert own["tags"] == ("#Own", "post", '["#Own"]')
    assert own["accounts"] == ("second", "post", "[second]")


def test_the_instant_is_told_in_the_campaigns_zone_and_in_utc(opened):
    rows = told(opened, "launch")
    assert rows["due"][:2] == ("Wed 25 November 2026, 09:00 CET (Europe/Berlin)", "computed")
    assert rows["due (UTC)"][0] == "2026-11-25T08:00:00Z"
    assert rows["at the latest"][0] == "Wed 25 November 2026, 12:00 CET"


def test_a_series_gives_day_and_hour(opened):
    rows = told(opened, "third")
    day, origin, place = rows["day"]
    assert (origin, place.partition(":")[0]) == ("series", "evenings")
    assert day == '6 (Monday, 30 November 2026): number 2 of the series "evenings"'
    assert rows["time"] == ("19:30", "series", '"19:30"}')


def test_an_hour_of_its_own_replaces_that_of_the_series(opened):
    own = ("    text: Today we begin.", '    time: "07:15"\n    text: Today we begin.')
    series = ("    day: 1\n", "    series: evenings\n    number: 1\n")
    rows = told(opened, "launch", own, series)
    assert rows["time"] == ("07:15", "post", '"07:15"')
    assert rows["day"][0].startswith("2 (Thursday, 26 November 2026)")


def test_a_day_that_the_program_chose_is_said_to_be_chosen(opened):
    campaign, *_ = opened()
    day, origin, place = told(opened, "floats")["day"]
    assert (origin, place) == ("computed", "3-8")
    assert day.startswith(f"{campaign.posts['floats'].day} (")
    assert 'within "3-8"' in day


def test_what_stands_elsewhere_is_told_from_there(opened):
    rows = told(opened, "third")
    assert rows["helpline"] == ("women", "post", "women")
    assert rows["number"][0] == "not shown, since nobody has verified it"
    assert rows["required text"] == ("Source EIGE.", "named", "Source EIGE.")
    assert rows["slide 1: statistic"] == ("shelters", "post", "shelters, alt: One.}")
    assert rows["slide 1: figure"] == ("0.4%", "named", "0.4%")
    assert rows["slide 1: source"] == ("The costs", "named", "The costs")
    assert rows["slide 2: credit"][1:] == ("named", "Us, licence: CC0-1.0, consent: agreed}")
    assert rows["slide 3: excerpt"][1:] == ("post", "Listen to survivors, alt: Three.}")
    assert rows["slide 3: alt"] == ("Three.", "post", "Three.}")
    assert rows["part 3"] == ("And that.", "post", "And that.]")
    assert rows["embargo"][0] == "not before Fri 27 November 2026, 10:00 CET"


def test_each_account_says_what_size_of_card_it_takes(opened):
    rows = told(opened, "launch")
    assert rows["platform of second"][:2] == ("mastodon", "campaign")
    assert rows["card for second"][:2] == ("1080 × 1350 pixels", "platform")


# ── where used ────────────────────────────────────────────────────────────────────────────────────


def entry(post: str, state: State, account: str = "archive") -> Entry:
    public = state is State.PUBLISHED
    return Entry(
        key=Key(f"small-2026/{post}/{account}/1"),
        campaign="small-2026",
        post=post,
        account=account,
        platform="folder",
        part=1,
        day=1,
        due=datetime(2026, 11, 25, 8, tzinfo=UTC),
        latest=datetime(2026, 11, 25, 11, tzinfo=UTC),
        state=state,
        fence=1,
        tries=0,
        look_at=None,
        reason="",
        receipt=Receipt(id="1", url=f"https://m.example/{post}") if public else None,
        published_at=None,
    )


@pytest.mark.parametrize(
    ("kind", "id_", "posts", "there"),
    [
        (Kind.FACT, "shelters", ["third"], "shelters, alt: One.}"),
        (Kind.FACT, "unused", [], ""),
        (Kind.QUOTE, "guterres", ["listen", "third"], "guterres"),
        (Kind.PICTURE, "door", ["third"], "door, headline: Open}, alt: Two.}"),
        (Kind.CONSENT, "agreed", ["third"], "door, headline: Open}, alt: Two.}"),
        (Kind.HELPLINE, "women", ["third"], "women"),
        (Kind.SERIES, "evenings", ["third"], "evenings"),
        (Kind.ACCOUNT, "archive", ["launch", "listen", "floats"], "launch:"),
    ],
)
def test_each_use_is_found_where_the_post_says_so(opened, kind, id_, posts, there):
    campaign, written, lines = opened()
    found = uses(campaign, written, kind, id_)
    assert {use.post for use in found} == set(posts)
    assert [use.day for use in found] == sorted(use.day for use in found)
    if found:
        place = found[0].place
        assert lines[place.line - 1][place.column - 1 :] == there


def test_an_account_that_the_post_names_is_found_in_its_list(opened):
    campaign, written, lines = opened()
    use = next(
        use for use in uses(campaign, written, Kind.ACCOUNT, "second") if use.post == "third"
    )
    assert lines[use.place.line - 1][use.place.column - 1 :] == "second]"


def test_public_posts_come_first_and_then_those_that_may_be(opened):
    campaign, written, _ = opened()
    entries = [
        entry("launch", State.PLANNED),
        entry("listen", State.UNCONFIRMED),
        entry("floats", State.MISSED),
        entry("floats", State.PUBLISHED),
    ]
    found = uses(campaign, written, Kind.ACCOUNT, "archive", entries)
    assert [use.post for use in found] == ["floats", "listen", "launch"]
    assert [one.state for one in found[0].deliveries] == [State.PUBLISHED, State.MISSED]
    assert [one.receipt.url for one in found[0].public] == ["https://m.example/floats"]


def test_of_an_account_only_its_own_deliveries_are_told(opened):
    campaign, written, _ = opened()
    entries = [entry("launch", State.PUBLISHED), entry("launch", State.PUBLISHED, "second")]
    found = uses(campaign, written, Kind.ACCOUNT, "second", entries)
    assert [one.account for use in found for one in use.deliveries] == ["second"]


def test_everything_that_has_an_id_may_be_asked_for(opened):
    campaign, written, _ = opened()
    assert {kind: len(ids) for kind, ids in known(campaign, written).items()} == {
        Kind.FACT: 2,
        Kind.QUOTE: 1,
        Kind.PICTURE: 1,
        Kind.HELPLINE: 1,
        Kind.CONSENT: 1,
        Kind.ACCOUNT: 2,
        Kind.SERIES: 1,
    }


def test_the_fonts_of_the_brand_are_told_with_their_line(opened, tmp_path):
    (tmp_path / "assets" / "fonts").mkdir(parents=True)
    (tmp_path / "assets" / "fonts" / "georgian.ttf").touch()
    (tmp_path / "bold.ttf").touch()
    change = ("  name: Small\n", "  name: Small\n  fonts: {display: bold.ttf, serif: Inter}\n")
    rows = told(opened, "launch", change)
    assert rows["font for display"] == ("bold.ttf", "campaign", "bold.ttf, serif: Inter}")
    assert rows["font for serif"] == ("Inter", "campaign", "Inter}")
    assert rows["further fonts"] == ("georgian.ttf", "computed", None)
    assert "font for text" not in rows


def test_the_words_of_an_opener_are_its_own_or_those_of_its_day(opened):
    graphic = "graphic: {headline: We begin today, points: [One thing, Another thing]}"
    rows = told(opened, "launch", (graphic, "opener: {body: All of us.}"))
    assert rows["headline"][:2] == ("Why we speak", "campaign")
    assert rows["headline"][2].startswith("Why we speak}")
    assert rows["body"][:2] == ("All of us.", "post")
    assert "observance" not in rows
