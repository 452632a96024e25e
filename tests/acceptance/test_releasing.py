"""An account that its platform refused waits for a person, and goes on when that person says so."""

from __future__ import annotations

from program import calendar_of_today, public, run, states


def test_a_refused_account_is_held_until_it_is_released(tmp_path):
    calendar_of_today(tmp_path, 2)
    (tmp_path / "published").write_text("a file where the folder should be")
    assert run("run", "--once", cwd=tmp_path).returncode == 1
    assert set(states(tmp_path).values()) == {"held"}

    (tmp_path / "published").unlink()
    assert run("run", "--once", cwd=tmp_path).returncode == 0, "nothing new to look at"
    assert set(states(tmp_path).values()) == {"held"}

    undecided = run("release", "archive", "--yes", cwd=tmp_path)
    assert (undecided.returncode, "--passed publish" in undecided.stderr) == (1, True)
    done = run("release", "archive", "--yes", "--passed", "publish", cwd=tmp_path)
    assert (done.returncode, "account archive is released" in done.stderr) == (0, True)
    assert "is not held" in run("release", "archive", cwd=tmp_path).stderr


def test_an_account_that_is_none_is_named(tmp_path):
    calendar_of_today(tmp_path, 1, **{"first_day: 202": "first_day: 209"})
    run("run", "--once", cwd=tmp_path)
    done = run("release", "archiv", cwd=tmp_path)
    assert done.returncode == 1
    assert 'did you mean "archive"?' in done.stderr
    assert public(tmp_path) == []
