"""What differs from what people approved, or from what is public, as the preview shows it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from paper_read_back import said
from preview_samples import campaign, pages, parsed, picture, post

from scheduler.drafting import frozen, thawed
from scheduler.model import Agreement, Draft, Earlier, Public, Yes
from scheduler.planning import plan_of
from scheduler.preview.choosing import Choice, chosen
from scheduler.preview.listing import listed
from scheduler.preview.printing import printed
from scheduler.preview.site import leaves, write

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
HOSTILE = "<script>alert(1)</script> \u202e & \" ' <b>"


def now(shown) -> Draft:
    return shown.drafts["the-call", "network"][0]


def approved(shown, before: Draft | None):
    """The same, of which somebody approved another draft on one account."""
    key = key_of(shown)
    earlier = Earlier(who=("Ana", "Ben"), at=AT, draft=before)
    yes = Yes(agreement=Agreement.CHANGED, who=("Ana", "Ben"), at=AT, earlier=earlier)
    return replace(shown, approvals={key: yes})


def published(shown, before: Draft):
    public = Public(at=AT, address="https://mastodon.example/1", draft=before)
    return replace(shown, public={key_of(shown): public})


def key_of(shown):
    (key,) = (each.key for each in plan_of(shown.coalition.own) if each.account == "network")
    return key


@pytest.fixture
def shown(tmp_path):
    made = campaign(post("call", accounts=("network", "archive"), text="Words of today, here."))
    return pages(made, tmp_path)


def changes(pages_, out):
    write(pages_, out=out)
    return list(parsed(out / "day-05.html").all("div", **{"aria-label": "What differs"}))


def test_words_that_came_and_went_are_marked_and_said_in_words(shown, tmp_path):
    before = replace(now(shown), text=now(shown).text.replace("today, here", "then, there"))
    (change,) = changes(approved(shown, before), tmp_path / "out")
    said_ = change.text
    assert "What differs from what Ana and Ben approved on 20 November 2026:" in said_
    gone, came = ([e.text for e in change.all(tag)] for tag in ("del", "ins"))
    assert [" ".join(each.split()) for each in gone] == ["Removed: then, there."]
    assert [" ".join(each.split()) for each in came] == ["Added: today, here."]


def test_the_words_of_before_and_of_now_can_be_read_from_it(shown, tmp_path):
    before = replace(now(shown), text="Words of then.\n\nAnd more of it.")
    (change,) = changes(approved(shown, before), tmp_path / "out")
    (words,) = change.all("p", **{"class": "compared"})
    parts = []
    for each in words.inside:
        said_ = (
            each
            if each.tag == "span"
            else next(e for e in each.all("span") if "lang" in e.attributes)
        )
        parts.append((each.tag, said_.text))
    assert "".join(text for tag, text in parts if tag != "ins") == before.text
    assert "".join(text for tag, text in parts if tag != "del") == now(shown).text


def test_alt_texts_are_compared_and_pictures_stand_beside_each_other(shown, tmp_path):
    old = picture(tmp_path, "white", "An older card.")
    before = replace(now(shown), pictures=(old,))
    (change,) = changes(approved(shown, before), tmp_path / "out")
    assert [each.text for each in change.all("h5")] == ["Alt text of picture 1", "Picture 1"]
    first, second = change.all("img")
    assert first.attributes["src"] == f"cards/{old.digest}.jpg"
    assert (tmp_path / "out" / first.attributes["src"]).read_bytes() == old.file.read_bytes()
    assert second.attributes["src"] == f"cards/{now(shown).pictures[0].digest}.jpg"
    assert [each.text for each in change.all("figcaption")] == ["Before", "Now"]


def test_a_picture_of_before_that_lies_nowhere_any_more_says_so(shown, tmp_path):
    old = picture(tmp_path, "white", "An older card.")
    before = thawed(frozen(replace(now(shown), pictures=(old,))), {})
    (change,) = changes(approved(shown, before), tmp_path / "out")
    assert len(list(change.all("img"))) == 1
    assert "The picture cannot be shown" in change.text
    assert f"cards/{old.digest}.jpg" not in leaves(approved(shown, before)).pictures


def test_a_draft_is_frozen_and_thawed_without_a_loss(shown):
    draft = now(shown)
    assert frozen(thawed(frozen(draft), {})) == frozen(draft)


def test_of_an_older_approval_it_is_said_that_only_a_digest_is_known(shown, tmp_path):
    assert changes(approved(shown, None), tmp_path / "out") == []
    page = parsed(tmp_path / "out" / "day-05.html").one("main").text
    assert (
        "Of what Ana and Ben approved on 20 November 2026 nothing but a digest was kept: "
        "which words differ is not known." in page
    )


def test_an_edit_of_what_is_public_is_told_and_nothing_of_approvals(shown, tmp_path):
    before = replace(now(shown), text="It was said so.")
    (change,) = changes(published(approved(shown, None), before), tmp_path / "out")
    assert "The calendar says something else now. Nothing that is public changes" in change.text
    page = parsed(tmp_path / "out" / "day-05.html")
    assert "nothing but a digest" not in page.one("main").text
    (link,) = [a for a in page.all("a") if a.text == "where it stands"]
    assert link.attributes["href"] == "https://mastodon.example/1"


def test_what_is_public_and_was_not_edited_has_nothing_that_differs(shown, tmp_path):
    assert changes(published(shown, now(shown)), tmp_path / "out") == []
    assert "Published" in parsed(tmp_path / "out" / "day-05.html").one("main").text


@pytest.mark.parametrize("field", ["text", "note", "language"])
def test_hostile_words_of_before_stay_text(shown, tmp_path, field):
    before = replace(now(shown), **{field: HOSTILE})
    (change,) = changes(approved(shown, before), tmp_path / "out")
    assert not list(change.all("script"))
    gone = "".join(each.text for each in change.all("del"))
    assert "<script>alert(1)</script>" in gone.replace(" ", "")
    assert "\u202e" not in gone


def test_paper_and_list_say_what_was_changed_since_and_what_is_public(shown):
    before = replace(now(shown), text="It was said so.")
    since = approved(shown, before)
    paper = said(printed(since, Choice(), on=date(2026, 11, 20)))
    assert (
        "On network: CHANGED since Ana and Ben approved it on 20 November 2026. What differs: text."
        in paper
    )
    lines = [line.text for line in listed(chosen(since, Choice())[0], alone=True)]
    assert "CHANGED since Ana and Ben approved it on 20 Nov on network (text)" in lines
    public = published(shown, before)
    assert "EDITED since: nothing that is public changes" in said(
        printed(public, Choice(), on=date(2026, 11, 20))
    )
    lines = [line.text for line in listed(chosen(public, Choice())[0], alone=True)]
    told = "published on 20 Nov, EDITED since: nothing that is public changes on network (text)"
    assert told in lines


def test_paper_asks_for_no_approval_of_what_has_it(shown):
    own = shown.coalition.own
    rules = replace(own.rules, approvals=1)
    coalition = replace(shown.coalition, campaigns={own.member.id: replace(own, rules=rules)})
    wants = replace(shown, coalition=coalition)
    asked = "Approve it: campaign approve the-call"
    assert asked in said(printed(wants, Choice(), on=date(2026, 11, 20)))
    yes = Yes(agreement=Agreement.APPROVED, who=("Ana",), at=AT)
    has = replace(wants, approvals={each.key: yes for each in plan_of(own)})
    paper = said(printed(has, Choice(), on=date(2026, 11, 20)))
    assert asked not in paper
    assert "Approved by Ana on 20 November 2026." in paper
