from __future__ import annotations

from pipeline.text.bounded_memo import BoundedMemo


def test_what_is_asked_for_again_stays_and_what_is_not_goes() -> None:
    made: list[int] = []

    def double(key: int) -> int:
        made.append(key)
        return 2 * key

    recent = BoundedMemo(double, size=10)
    for key in range(1000):
        assert recent[key] == 2 * key
        assert recent[0] == 0
        assert len(recent) <= 10
    assert made == list(range(1000))


def test_what_was_forgotten_is_made_again() -> None:
    recent = BoundedMemo(str, size=2)
    assert [recent[key] for key in (1, 2, 3, 4, 5, 6, 1)] == ["1", "2", "3", "4", "5", "6", "1"]
