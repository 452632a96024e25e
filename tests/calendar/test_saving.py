"""Several files are written together, or none of them is."""

from __future__ import annotations

import stat

import pytest

from scheduler.calendar.saving import save


def test_all_files_are_written_with_the_folders_that_they_need(tmp_path):
    save({tmp_path / "a.yaml": b"a", tmp_path / "members" / "b.yaml": b"b"})
    assert (tmp_path / "members" / "b.yaml").read_bytes() == b"b"
    found = sorted(file.name for file in tmp_path.rglob("*"))
    assert found == ["a.yaml", "b.yaml", "members"]


def test_what_cannot_be_moved_into_its_place_takes_the_others_back(tmp_path):
    old, new, folder = tmp_path / "old", tmp_path / "new", tmp_path / "folder"
    old.write_bytes(b"before")
    folder.mkdir()
    with pytest.raises(OSError, match="folder"):
        save({old: b"after", new: b"after", folder: b"after"})
    assert old.read_bytes() == b"before"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["folder", "old"]


def test_a_file_may_still_be_read_by_whom_it_could_be_read(tmp_path):
    file = tmp_path / "a.yaml"
    file.write_bytes(b"before")
    file.chmod(0o664)
    save({file: b"after"})
    assert stat.S_IMODE(file.stat().st_mode) == 0o664
