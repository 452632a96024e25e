"""The folder keeps the contract, on any file system and for any key."""

from __future__ import annotations

import errno
import json
import shutil
from hashlib import sha256
from pathlib import Path

import pytest
from contract import KEY, NOW, PlatformContract, Seen, Venue

from scheduler.errors import AccountRefused, Ambiguous, ContentRejected, NotSent
from scheduler.model import Account, Draft
from scheduler.platforms import Absent, Folder, Unknown
from scheduler.platforms.folder import ending


class NoTokens:
    def read(self, name: str) -> str:
        raise AssertionError(name)


def folder_at(directory: Path, name: str = "archive") -> Folder:
    account = Account(name=name, platform="folder", options={"directory": str(directory)})
    return Folder(account, tokens=NoTokens())


def seen_at(post_file: Path) -> Seen:
    said = json.loads(post_file.read_text("utf-8"))
    return Seen(
        text=(post_file.parent / "text.txt").read_text("utf-8"),
        note=said["note"],
        language=said["language"],
        alts=tuple(each["alt"] for each in said["pictures"]),
        digests=tuple(
            sha256((post_file.parent / each["file"]).read_bytes()).hexdigest()
            for each in said["pictures"]
        ),
        reply_to=said["reply_to"],
    )


PLAIN = Draft(text="Words.", pictures=(), language="en")


class TestFolder(PlatformContract):
    @pytest.fixture
    def directory(self, tmp_path):
        return tmp_path / "out"

    @pytest.fixture
    def venue(self, directory):
        def public():
            posts = [each for each in directory.rglob("post.json") if ".staged" not in each.parts]
            return [seen_at(each) for each in sorted(posts)]

        account = Account(name="archive", platform="folder", options={"directory": str(directory)})
        return Venue(account=account, platform=Folder(account, tokens=NoTokens()), public=public)

    def test_a_post_is_a_folder_named_by_its_key(self, venue, draft, directory):
        receipt = venue.platform.publish(venue.platform.stage(draft, due=NOW), key=KEY)
        place = directory / KEY
        assert receipt.url == place.as_uri()
        assert sorted(each.name for each in place.iterdir()) == [
            "picture-1.png",
            "picture-2.jpg",
            "post.json",
            "text.txt",
        ]

    def test_nothing_is_left_over_once_it_is_published(self, venue, draft, directory):
        venue.platform.publish(venue.platform.stage(draft, due=NOW), key=KEY)
        assert list((directory / ".staged").iterdir()) == []

    def test_other_content_under_a_used_key_is_rejected_and_changes_nothing(self, venue, draft):
        venue.platform.publish(venue.platform.stage(draft, due=NOW), key=KEY)
        before = venue.public()
        with pytest.raises(ContentRejected, match="something else stands at"):
            venue.platform.publish(venue.platform.stage(PLAIN, due=NOW), key=KEY)
        assert venue.public() == before

    def test_a_stranger_in_its_place_is_not_overwritten(self, venue, directory):
        (directory / KEY).mkdir(parents=True)
        (directory / KEY / "notes.txt").write_text("mine", "utf-8")
        with pytest.raises(ContentRejected, match="something else stands at"):
            venue.platform.publish(venue.platform.stage(PLAIN, due=NOW), key=KEY)
        assert (directory / KEY / "notes.txt").read_text("utf-8") == "mine"

    def test_it_is_absent_when_something_else_stands_there(self, venue, draft):
        venue.platform.publish(venue.platform.stage(PLAIN, due=NOW), key=KEY)
        finding = venue.platform.find(venue.platform.stage(draft, due=NOW), key=KEY, since=NOW)
        assert isinstance(finding, Absent)

    def test_it_cannot_tell_when_the_post_cannot_be_read(self, venue, directory):
        staged = venue.platform.stage(PLAIN, due=NOW)
        (directory / KEY / "post.json").mkdir(parents=True)
        assert isinstance(venue.platform.find(staged, key=KEY, since=NOW), Unknown)

    def test_staged_files_that_were_deleted_must_be_staged_again(self, venue, directory):
        staged = venue.platform.stage(PLAIN, due=NOW)
        shutil.rmtree(directory / ".staged")
        with pytest.raises(NotSent, match="staged again"):
            venue.platform.publish(staged, key=KEY)

    def test_two_accounts_may_share_a_directory(self, venue, directory):
        other = folder_at(directory, "archive-two")
        mine, theirs = venue.platform.stage(PLAIN, due=NOW), other.stage(PLAIN, due=NOW)
        venue.platform.publish(mine, key=KEY)
        other.publish(theirs, key=KEY.replace("archive", "archive-two"))
        assert len(venue.public()) == 2


@pytest.mark.parametrize(
    "key", ["../up", "/etc", "a//b", "a/../b", "a/./b", "A", "a\\b", "a:b", ""]
)
def test_a_key_never_leads_out_of_the_directory(tmp_path, key):
    folder = folder_at(tmp_path / "out")
    with pytest.raises(ContentRejected, match="cannot name a folder"):
        folder.publish(folder.stage(PLAIN, due=NOW), key=key)


@pytest.mark.parametrize("name", ["con", "aux", "nul", "com1", "lpt9"])
def test_names_that_windows_keeps_for_devices_are_avoided(tmp_path, name):
    folder = folder_at(tmp_path)
    receipt = folder.publish(folder.stage(PLAIN, due=NOW), key=f"campaign/{name}/archive/1")
    assert receipt.url == (tmp_path / "campaign" / f"{name}_" / "archive" / "1").as_uri()


def test_a_relative_directory_is_refused(tmp_path):
    with pytest.raises(AccountRefused, match="is not absolute"):
        folder_at(Path("out")).stage(PLAIN, due=NOW)


def test_a_file_where_the_directory_should_be_is_an_account_error(tmp_path):
    (tmp_path / "out").write_text("a file", "utf-8")
    with pytest.raises(AccountRefused, match="out"):
        folder_at(tmp_path / "out").stage(PLAIN, due=NOW)


def test_a_file_in_the_way_of_the_post_is_an_account_error(tmp_path):
    folder = folder_at(tmp_path)
    staged = folder.stage(PLAIN, due=NOW)
    (tmp_path / "responsible-together-2026").write_text("a file", "utf-8")
    with pytest.raises(AccountRefused, match="publishing"):
        folder.publish(staged, key=KEY)


def test_a_full_disk_may_be_tried_again():
    error = OSError(errno.ENOSPC, "No space left on device")
    assert isinstance(ending(error, "writing"), NotSent)


def test_a_read_only_disk_needs_a_person():
    error = OSError(errno.EROFS, "Read-only file system")
    assert isinstance(ending(error, "writing"), AccountRefused)


def test_after_the_rename_even_a_full_disk_is_ambiguous():
    error = OSError(errno.ENOSPC, "No space left on device")
    assert isinstance(ending(error, "securing", otherwise=Ambiguous), Ambiguous)
