"""The rows that the report shows are the heaviest, and of equal ones the first."""

from __future__ import annotations

from random import Random

from pipeline.batch.report.examples import MAX_EXAMPLES, Example, heaviest, keep


def _example(weight: float, number: int) -> Example:
    return Example(weight, -number, "", 0, "a", "b", weight, "2024-01", "jalan rusak")


def test_of_many_rows_the_heaviest_are_kept_and_of_equal_ones_the_first() -> None:
    chance = Random(5)
    weights = [chance.randrange(400) / 400 for _ in range(5_000)]
    kept: list[Example] = []
    told = [keep(kept, weight, lambda w=weight, n=n: _example(w, n)) for n, weight in enumerate(weights)]  # type: ignore[misc]
    everyone = sorted((_example(weight, n) for n, weight in enumerate(weights)), reverse=True)
    assert heaviest(kept) == everyone[:MAX_EXAMPLES]
    assert all(told[-example.position] for example in kept)


def test_a_row_that_is_not_kept_is_not_made_so_its_text_is_not_masked() -> None:
    kept = [_example(0.9, n) for n in range(MAX_EXAMPLES)]
    made: list[Example] = []

    def made_one() -> Example:
        made.append(_example(0.9, MAX_EXAMPLES))
        return made[0]

    assert not keep(kept, 0.9, made_one)
    assert made == []
