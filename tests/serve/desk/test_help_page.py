"""The help page, *Bantuan*."""

from __future__ import annotations

import re

from fastapi.testclient import TestClient


def test_help_has_every_key_of_the_list_that_the_desk_opens(client: TestClient) -> None:
    lists = [re.findall(r"<dt>(.*?)</dt>", client.get(path).text.split("keylist")[1]) for path in ("/", "/bantuan")]
    assert "<kbd>Ctrl</kbd> <kbd>Enter</kbd>" in lists[0]
    assert set(lists[0]) <= set(lists[1])
