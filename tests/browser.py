"""A person with a browser: opens a platform's page, and says yes or no there."""

from __future__ import annotations

import re

import requests

_CODE = re.compile(r"<code>([^<]+)</code>")


def decided(page: str, *, account: str = "eu", decision: str = "allow", without: str = "") -> str:
    """Where the browser ends, or the code that a page shows."""
    asked = requests.get(page, timeout=10, allow_redirects=False)
    if asked.status_code == 302:  # sent back at once: nobody is asked for that
        return asked.headers["Location"]
    assert asked.status_code == 200, page
    said = {"account": account, "decision": decision, "without": without}
    answer = requests.post(page, data=said, timeout=10, allow_redirects=False)
    if shown := _CODE.search(answer.text):
        return shown[1]
    return answer.headers.get("Location", "")
