"""A kit as files: always the same bytes, names that every system takes, and nothing outside."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from hashlib import sha256
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kit_samples import BY_HAND, EMBARGO

from scheduler.errors import UserError
from scheduler.kit.filenames import plain
from scheduler.kit.packing import files_of, pack
from scheduler.model import Member

HOSTILE = (
    "</textarea></style></script><script>alert(1)</script><img src=x onerror='alert(2)'>"
    "\" ' ` {{ 7 * 7 }} {% raw %} &amp; \u202eesrever\u202c \u05d0\u05d1 <!-- ]]> \\ ../../x"
)


@pytest.fixture
def packed(by_hand, kit_of, tmp_path):
    return pack(kit_of(by_hand), tmp_path / "kits")


def names(archive):
    with zipfile.ZipFile(archive) as opened:
        return opened.namelist()


def read(archive, name):
    with zipfile.ZipFile(archive) as opened:
        return opened.read(f"{archive.stem}/{name}")


def test_files_have_names_that_a_person_understands(packed):
    assert packed.archive.name == "kit-cyprus.zip"
    assert {
        "kit-cyprus/index.html",
        "kit-cyprus/READ-ME-FIRST.txt",
        "kit-cyprus/day-01-wednesday-25-november/caption-instagram.txt",
        "kit-cyprus/day-01-wednesday-25-november/caption-telegram.txt",
        "kit-cyprus/day-01-wednesday-25-november/alt-text.txt",
        "kit-cyprus/day-01-wednesday-25-november/helpline.txt",
        "kit-cyprus/day-01-wednesday-25-november/picture-portrait-1080x1350.jpg",
        "kit-cyprus/day-01-wednesday-25-november/picture-story-1080x1920.jpg",
        "kit-cyprus/day-02-thursday-26-november/sources.txt",
    } <= set(names(packed.archive))


def test_the_folder_and_the_zip_hold_the_same(packed):
    folder = {
        f"kit-cyprus/{file.relative_to(packed.folder).as_posix()}": file.read_bytes()
        for file in packed.folder.rglob("*")
        if file.is_file()
    }
    with zipfile.ZipFile(packed.archive) as opened:
        assert opened.testzip() is None
        assert {name: opened.read(name) for name in opened.namelist()} == folder


def test_the_same_calendar_gives_the_same_bytes_and_another_word_gives_others(
    by_hand, coalition, kit_of, tmp_path
):
    one, two = (pack(kit_of(by_hand), tmp_path / name) for name in ("one", "two"))
    assert one.archive.read_bytes() == two.archive.read_bytes()
    other = coalition(("campaign:\n", "campaign:\n"), cyprus=BY_HAND.replace("022 0002", "022 3"))
    three = pack(kit_of(other), tmp_path / "three")
    version = re.compile(rb"Kit ([0-9a-f]{8})\.")
    said = [version.search(read(each.archive, "index.html"))[1] for each in (one, two, three)]
    assert said[0] == said[1] != said[2]


def test_a_caption_is_the_text_itself_to_the_byte(packed, by_hand, kit_of):
    (launch, _) = kit_of(by_hand).posts
    (on_instagram,) = [each for each in launch.texts if each.destination.platform == "instagram"]
    said = read(packed.archive, "day-01-wednesday-25-november/caption-instagram.txt")
    assert said.decode() == on_instagram.text
    assert "022 0002" in on_instagram.text


def test_pictures_are_those_of_the_drafts_and_none_is_too_large_for_a_phone(
    packed, by_hand, kit_of
):
    (launch, _) = kit_of(by_hand).posts
    for picture in launch.slides[0].pictures:
        size = picture.shape.size
        name = f"picture-{picture.shape}-{size.width}x{size.height}.jpg"
        data = read(packed.archive, f"day-01-wednesday-25-november/{name}")
        assert sha256(data).hexdigest() == picture.digest
        assert len(data) < 400_000
    assert len(read(packed.archive, "index.html")) < 300_000


def test_several_posts_of_a_day_lie_in_folders_of_their_own(calendar, kit_of, tmp_path):
    file = calendar(("    day: 2\n", '    day: 1\n    time: "17:30"\n'))
    found = names(pack(kit_of(file, "campaign"), tmp_path / "kits").archive)
    day = "kit-campaign/day-01-wednesday-25-november"
    assert f"{day}/09-00-launch/caption-x.txt" in found
    assert f"{day}/17-30-listen/alt-text.txt" in found
    assert f"{day}/alt-text.txt" not in found


def test_a_kit_with_drafts_or_embargoes_says_so_in_the_folder_of_the_post(
    calendar, kit_of, tmp_path
):
    kit = kit_of(calendar(EMBARGO), "campaign", embargoed=True)
    packed = pack(kit, tmp_path / "kits")
    said = read(packed.archive, "day-02-thursday-26-november/DO-NOT-POST-YET-EMBARGO.txt").decode()
    assert "26 November 2026, 08:00 (Europe/Berlin)" in said


def test_nothing_of_what_is_under_embargo_is_in_it(calendar, kit_of, tmp_path):
    packed = pack(kit_of(calendar(EMBARGO), "campaign"), tmp_path / "kits")
    data = packed.archive.read_bytes()
    for word in (b"listen", b"Listening comes first", b"Guterres", b"impunity"):
        assert word not in data
    assert b"under embargo until 26 November 2026, 08:00" in data


def test_a_newer_kit_takes_the_place_of_an_older_one_whole(by_hand, kit_of, tmp_path):
    older = pack(kit_of(by_hand), tmp_path / "kits")
    newer = pack(kit_of(by_hand, held={"listen": "a mistake"}), tmp_path / "kits")
    assert older.folder == newer.folder
    assert [each.name for each in newer.folder.glob("day-*")] == ["day-01-wednesday-25-november"]
    assert [each.name for each in (tmp_path / "kits").iterdir() if each.name[0] == "."] == []


def test_a_folder_that_is_no_kit_is_left_alone(by_hand, kit_of, tmp_path):
    mine = tmp_path / "kits" / "kit-cyprus" / "index.html"
    mine.parent.mkdir(parents=True)
    mine.write_text("my own page", "utf-8")
    with pytest.raises(UserError, match="is no kit"):
        pack(kit_of(by_hand), tmp_path / "kits")
    assert mine.read_text("utf-8") == "my own page"


# ── whatever ids are ──────────────────────────────────────────────────────────────────────────────

_RESERVED = re.compile(r"(?i)(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?")


def is_safe(path):
    parts = PurePosixPath(path).parts
    return (
        not PurePosixPath(path).is_absolute()
        and PureWindowsPath(path).drive == ""
        and all(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.-]*", part) for part in parts)
        and not any(_RESERVED.fullmatch(part) or part.endswith(".") for part in parts)
    )


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_becomes_a_name_that_leads_nowhere_else(text):
    name = plain(text, otherwise="post")
    assert is_safe(name)
    assert len(name) <= 60


@pytest.mark.parametrize(
    "id_", ["../../etc/passwd", "C:\\x", "/etc", "nul", "COM1", "a" * 300, "κάρτα", "شاشة", "", "."]
)
def test_hostile_ids_stay_inside_the_kit(by_hand, kit_of, tmp_path, id_):
    kit = kit_of(by_hand)
    campaign = replace(kit.campaign, member=Member(id=id_, name=HOSTILE, kit=True))
    days = [
        replace(
            day,
            posts=tuple(
                replace(post, post=replace(post.post, id=name))
                for post in day.posts
                for name in (id_, f"{id_} ")  # two posts of a day whose names are the same
            ),
        )
        for day in kit.days
    ]
    packed = pack(replace(kit, campaign=campaign, days=tuple(days)), tmp_path / "kits")
    found = names(packed.archive)
    assert all(map(is_safe, found))
    assert len(found) == len({name.casefold() for name in found})
    assert max(map(len, found)) < 180  # of the 260 that Windows takes
    assert {each.name for each in (tmp_path / "kits").iterdir()} == {
        packed.folder.name,
        packed.archive.name,
    }
    assert {each.name for each in tmp_path.iterdir()} >= {"kits"}


def test_text_that_would_be_markup_is_only_text(by_hand, kit_of):
    kit = kit_of(by_hand)
    campaign = replace(
        kit.campaign, title=HOSTILE, id=HOSTILE, member=Member(id=HOSTILE, name=HOSTILE, kit=True)
    )
    day, *rest = kit.days
    (post,) = day.posts
    hostile = replace(
        post,
        post=replace(post.post, id=HOSTILE, language=HOSTILE),
        texts=tuple(
            replace(
                text,
                text=HOSTILE,
                note=HOSTILE,
                destination=replace(text.destination, account=HOSTILE),
            )
            for text in post.texts
        ),
        slides=tuple(replace(slide, alt=HOSTILE) for slide in post.slides),
        sources=tuple(
            replace(line, name=HOSTILE, text=HOSTILE, address=f"javascript:alert(3)//{HOSTILE}")
            for line in post.helpline
        ),
    )
    whole = replace(
        kit,
        campaign=campaign,
        days=(replace(day, theme=HOSTILE, observance=HOSTILE, posts=(hostile,)), *rest),
        destinations=(*{text.destination for text in hostile.texts}, *kit.destinations),
    )
    page = files_of(whole)["index.html"].decode()
    body = page[page.index("<body") : page.rindex("<script>")]
    assert "alert(1)" in body
    assert "<script" not in body
    assert "<img src=x" not in body
    assert 'href="javascript' not in body
    assert page.count("</script>") == page.count("<script>") == 1
    assert page.count("</style>") == page.count("<style>") == 1


def test_the_shipped_campaign_makes_a_page_that_is_small(kit_of):
    shipped = Path(__file__).parents[2] / "campaign.yaml"
    kit = kit_of(shipped, "cyprus")
    files = files_of(kit)
    assert len(files["index.html"]) < 300_000
    assert sum(1 for _ in kit.posts) == 22
    pictures = [each for each in files.values() if not isinstance(each, bytes)]
    assert max(each.bytes for each in pictures) < 400_000
    assert sum(each.bytes for each in pictures) < 27_000_000
