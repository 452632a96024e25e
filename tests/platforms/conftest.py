"""`--specs DIR` holds every request of this room's tests against the published specifications."""

from __future__ import annotations

from pathlib import Path

import pytest
from arrivals import WATCH
from specifications import Verdict, judged

_VERDICTS = pytest.StashKey[tuple[Verdict, ...]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--specs", type=Path, metavar="DIR", help="published specifications")


def pytest_configure(config: pytest.Config) -> None:
    WATCH.noting = _folder(config) is not None


def pytest_runtest_setup(item: pytest.Item) -> None:
    mark = item.get_closest_marker("against_the_specification")
    WATCH.test, WATCH.on_purpose = item.nodeid, mark.args[0] if mark else ""


def pytest_sessionfinish(session: pytest.Session) -> None:
    if folder := _folder(session.config):
        verdicts = session.config.stash[_VERDICTS] = judged(WATCH.noted, folder)
        if session.exitstatus == pytest.ExitCode.OK and any(each.different for each in verdicts):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    for verdict in config.stash.get(_VERDICTS, ()):
        for line in verdict.lines():
            terminalreporter.write_line(line)


@pytest.fixture
def specs(request: pytest.FixtureRequest) -> Path:
    """The folder of the published specifications; skips where none is named."""
    folder = _folder(request.config)
    if folder is None:
        pytest.skip("the specifications are not ours to keep: make spec-check SPECS=dir")
    return folder


def _folder(config: pytest.Config) -> Path | None:
    folder: Path | None = config.getoption("--specs", default=None)
    return folder
