"""What a calendar may say about who is told, and where their addresses are kept."""

from __future__ import annotations

from datetime import date, time
from zoneinfo import ZoneInfo

import pytest

from scheduler.calendar import read_calendar
from scheduler.calendar.scalars import holds_no_secret
from scheduler.checking import check
from scheduler.model import AlertKind, Alerts, Hours, Recipient, Secret

ALERTS = """\
alerts:
  to:
    team: {keyring: campaign-alerts}
    relay: mailto://relay.example.org?to=team@example.org
  zone: Europe/Rome
  kinds: [missed, token]
  quiet_hours: 22:00-07:00
  digest: "17:00"
  ping: {env: PING}
"""


def with_alerts(text):
    return ("accounts:\n", f"{text}accounts:\n")


def problems(calendar, text):
    return read_calendar(calendar(with_alerts(text))).problems


def test_they_are_read_with_where_their_addresses_are_kept(calendar):
    campaign = read_calendar(calendar(with_alerts(ALERTS))).unwrap().own
    assert campaign.alerts == Alerts(
        recipients=(
            Recipient(
                name="team", secrets={"address": Secret(kind="keyring", name="campaign-alerts")}
            ),
            Recipient(name="relay", address="mailto://relay.example.org?to=team@example.org"),
        ),
        zone=ZoneInfo("Europe/Rome"),
        kinds=frozenset({AlertKind.MISSED, AlertKind.TOKEN}),
        quiet_hours=Hours(begin=time(22), end=time(7)),
        digest=time(17),
        ping=Recipient(name="ping", secrets={"address": Secret(kind="env", name="PING")}),
    )


def test_the_least_that_it_takes_is_somebody(calendar):
    text = "alerts: {to: {team: {env: MAIL}}}\n"
    alerts = read_calendar(calendar(with_alerts(text))).unwrap().own.alerts
    assert alerts.kinds == frozenset(AlertKind)
    assert alerts.zone.key == "Europe/Berlin", "the campaign's own"
    assert (alerts.quiet_hours, alerts.digest, alerts.ping) == (None, None, None)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (ALERTS.partition("  zone")[0], "alerts:\n", '"to" is missing'),
        ("kinds: [missed, token]", "kinds: [mised]", "missed"),
        ("kinds: [missed, token]", "kinds: []", "it holds nothing"),
        ('digest: "17:00"', 'digest: "23:30"', "lies in the quiet hours"),
        ("22:00-07:00", "07:00-07:00", "end when they begin"),
        ("Europe/Rome", "Europe/Atlantis", "no time zone"),
        ("{env: PING}", "{env: PING, file: ping}", "write one of"),
        ("quiet_hours", "quiet_hour", 'no key "quiet_hour"'),
    ],
)
def test_what_cannot_be_is_said(calendar, old, new, told):
    found = problems(calendar, ALERTS.replace(old, new))
    assert any(told in f"{each.message} {each.hint}" for each in found), found


@pytest.mark.parametrize(
    "address",
    [
        "mailtos://me:hunter2@mail.example.org",
        "mailto://mail.example.org?pass=hunter2&to=a@example.org",
        "mailto://mail.example.org/hunter2",
        "ntfy://hunter2",
        "slack://hunter2/hunter2/hunter2",
        "tgram://123:hunter2/42",
        "json://127.0.0.1/hunter2",
        "syslog://hunter2",
        "hunter2",
        "mailto://[hunter2",
    ],
)
def test_an_address_that_may_hold_a_secret_is_refused_at_its_line_and_never_echoed(
    calendar, address
):
    text = ALERTS.replace("{keyring: campaign-alerts}", f'"{address}"')
    (problem,) = problems(calendar, text)
    assert (problem.code, problem.line) == ("literal-token", 16)
    assert "{env: NAME}" in problem.hint
    assert "hunter2" not in str(problem)


def test_a_ping_stands_never_in_the_calendar_itself(calendar):
    text = ALERTS.replace("{env: PING}", "https://hc.example.org/hunter2")
    (problem,) = problems(calendar, text)
    assert problem.code == "literal-token"
    assert "hunter2" not in str(problem)


@pytest.mark.parametrize(
    "address",
    [
        "mailto://relay.example.org?to=team@example.org&from=campaign@example.org",
        "mailtos://campaign@example.org",
        "mailto://relay.example.org/team@example.org/other@example.org",
        "syslog://",
        "dbus://",
    ],
)
def test_a_mail_without_a_password_and_this_machine_may_be_read_by_everybody(address):
    assert holds_no_secret(address)


def test_who_is_told_is_said_once_for_everybody(coalition):
    file = coalition(germany=(("accounts:\n", f"{ALERTS}accounts:\n"),))
    found = [each for each in read_calendar(file).problems if each.file == "members/germany.yaml"]
    assert [each.code for each in found] == ["not-here"]


def test_a_member_takes_over_nobody_who_is_told(coalition):
    campaigns = read_calendar(coalition(with_alerts(ALERTS))).unwrap().campaigns
    assert campaigns["campaign"].alerts is not None
    assert campaigns["germany"].alerts is None


# ── a campaign that is live ───────────────────────────────────────────────────────────────────────

ON = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("live", "message"),
    [
        ({"network"}, "network is live, and nobody is told"),
        ({"network", "page"}, "2 accounts are live, and nobody is told"),
    ],
)
def test_a_live_campaign_without_alerts_is_warned_of(calendar, shelf, live, message):
    checked = check(calendar(), shelf=shelf, on=ON, draw=False, live={"small-2026": live})
    found = [each for each in checked.problems if each.code == "no-alerts"]
    assert [message in each.message for each in found] == [True]
    assert checked.sound, "it goes on all the same"


def test_one_that_is_not_live_or_has_alerts_is_not(calendar, shelf):
    def codes(file, live):
        checked = check(file, shelf=shelf, on=ON, draw=False, live={"small-2026": live})
        return {each.code for each in checked.problems}

    assert "no-alerts" not in codes(calendar(), ())
    assert "no-alerts" not in codes(calendar(with_alerts(ALERTS)), {"network"})
