"""Numbers in words."""

from __future__ import annotations

from pipeline.numerals import percent
from serve.desk import wording


def test_a_percentage_is_never_torn_at_the_end_of_a_line() -> None:
    told = [percent(0.995), percent(0.004), percent(0.5), wording.share(1)]
    assert told == [">99\xa0%", "<1\xa0%", "50\xa0%", "100\xa0%"]
