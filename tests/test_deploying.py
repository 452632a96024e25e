"""What stands in deploy/ starts what there is, as nobody special, and holds no secret."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from scheduler.cli import VERBS

DEPLOY = Path(__file__).parents[1] / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))


@pytest.mark.system
@pytest.mark.parametrize("unit", UNITS, ids=lambda file: file.name)
def test_systemd_finds_nothing_wrong_with_a_unit(unit, tmp_path, needs):
    needs("systemd-analyze")
    program = tmp_path / "campaign"
    shutil.copy(sys.executable, program)
    text = unit.read_text("utf-8").replace("/opt/campaign/bin/campaign", str(program))
    (tmp_path / unit.name).write_text(text, "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / unit.name)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("unit", UNITS, ids=lambda file: file.name)
def test_a_unit_starts_a_verb_that_there_is_and_tells_no_secret(unit):
    lines = dict(
        line.split("=", 1)
        for line in unit.read_text("utf-8").splitlines()
        if "=" in line and not line.startswith("#")
    )
    program, verb, *options = lines["ExecStart"].split()
    assert (program, verb in VERBS) == ("/opt/campaign/bin/campaign", True)
    assert "--ledger" not in options, "everybody can read a command line"
    assert (lines["User"], lines["Restart"]) == ("campaign", "always")


def test_the_containers_start_verbs_that_there_are_and_open_nothing_to_the_network():
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]
    assert set(services) == {"ledger", "clock", "worker"}
    for name in ("clock", "worker"):
        command = services[name]["command"]
        assert (command[0], command[1] in VERBS) == ("campaign", True)
        assert "POSTGRES_PASSWORD:?" in services[name]["environment"]["CAMPAIGN_LEDGER"]
        assert services[name]["read_only"] is True
    assert not any("ports" in service for service in services.values())
