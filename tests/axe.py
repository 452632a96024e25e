"""What axe-core complains of in a page that is open."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
AXE = CACHE / "campaign-scheduler" / "axe-core-4.10.3" / "node_modules" / "axe-core" / "axe.min.js"
_ASK = """async () => {
  const found = await axe.run(document, { resultTypes: ["violations"] });
  return found.violations.map(({ id, impact, help, nodes }) =>
    `${impact}: ${help} (${id}): ${nodes.slice(0, 3).map((each) => each.html).join(" … ")}`);
}"""


def needed() -> None:
    """Skips the test where axe-core is not installed; CI installs it."""
    if not AXE.is_file():
        missing = pytest.fail if os.environ.get("CI") else pytest.skip
        missing(f"no axe-core in {AXE.parent}: make test-deps brings it")


def complaints(page) -> list[str]:
    """Of a page whose context bypasses its policy, which allows no script but its own."""
    if not page.evaluate("() => 'axe' in window"):
        page.add_script_tag(path=AXE)
    return page.evaluate(_ASK)
