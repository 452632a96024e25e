"""Tokens are read where the calendar says, and only for accounts that may publish."""

from __future__ import annotations

import pytest

from scheduler.accounts import NoTokens, StoredTokens
from scheduler.errors import AccountRefused
from scheduler.model import Account, Secret


def account(platform="mastodon", secrets=None, **options):
    return Account(name="network", platform=platform, options=options, secrets=secrets or {})


def tokens(tmp_path, kind, name, **environment):
    secrets = {"token": Secret(kind=kind, name=name)}
    return StoredTokens(account(secrets=secrets), environment=environment, root=tmp_path)


def test_a_token_is_read_from_the_environment(tmp_path):
    assert tokens(tmp_path, "env", "T", T="abc").read("token") == "abc"


def test_a_token_is_read_from_a_file_beside_the_calendar(tmp_path):
    (tmp_path / "secret.txt").write_text("abc\n")
    assert tokens(tmp_path, "file", "secret.txt").read("token") == "abc"


@pytest.mark.parametrize(("kind", "name"), [("env", "T"), ("file", "absent.txt")])
def test_a_token_that_is_not_there_refuses_the_account_and_says_where(tmp_path, kind, name):
    with pytest.raises(AccountRefused, match=name):
        tokens(tmp_path, kind, name).read("token")


def test_a_token_is_never_part_of_what_is_printed(tmp_path):
    assert "abc" not in repr(tokens(tmp_path, "env", "T", T="abc"))


def test_where_nothing_may_be_signed_in_asking_for_a_token_is_a_bug():
    with pytest.raises(AssertionError):
        NoTokens().read("token")
