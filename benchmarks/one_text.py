"""Time of a single answer in this process: ordinary complaints, words never seen, texts made to be slow.

    python benchmarks/one_text.py [MODEL]

Wall-clock time of single calls, median and 99th percentile; the machine should be idle. 300 starter complaints are
asked for, twelve times each, by turns:

agencies
    Reading the text and the probabilities of the agencies.
findings
    The same with urgency, place and the policy's decision, but no explanation.
routed
    The same with reasons, as the batch writes them.
suggestion
    All that the desk shows.
suggestion, 10 unseen words
    The same, with ten invented words at the end of each text.

Last, a suggestion for 8,000 characters of each kind that proved slow: the fastest of four different texts, each asked
for once. Asked twice, a text would be remembered, and an attacker sends a new one each time.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from unseen_texts import DEFAULT_MODEL, unseen_texts

from pipeline.model import analyse
from pipeline.router import Router

TEXTS, ROUNDS = 300, 12
LONG, LONG_TEXTS = 8000, 4
WIDTH: Final = 36
Answer = Callable[[str], object]
Word = Callable[[int], str]  # the next word of a text, by its number from 1


class Inventor:
    """Generator of invented words that look Indonesian, deterministic."""

    def __init__(self) -> None:
        self._random = random.Random(3)  # noqa: S311 (no secret)

    def root(self, syllables: int) -> str:
        """Return a word with this number of syllables."""
        return "".join(self._random.choice("bcdfghjklmnprst") + self._random.choice("aiueo") for _ in range(syllables))

    def affixed(self) -> str:
        """Return a root with prefix and suffix, for which Sastrawi tries all its rules."""
        begin, end = self._random.choice(["me", "pe", "di", "ber", ""]), self._random.choice(["kan", "an", "i", "nya"])
        return f"{begin}{self.root(self._random.randint(2, 4))}{end}"

    def slow_kinds(self, texts: Sequence[str]) -> dict[str, Word]:
        """Return kinds of long texts that proved slow; ``texts`` are complaints that were classified before."""
        dangers = ["sepeda", "motor", "saya", "anak", "jatuh", "kali"]
        choose = self._random.choice
        return {
            "invented words": lambda _: self.root(5),
            "invented words of five letters": lambda _: self.root(3)[:5],
            "invented words with affixes": lambda _: self.affixed(),
            "words of danger in any order": lambda _: choose(dangers),
            "desa and an invented name": lambda _: f"desa {self.root(5)}",
            "complaints one after the other": lambda _: choose(texts),
            "complaints, each selain itu": lambda _: f"selain itu {choose(texts)}",
            "complaints as a list": lambda number: f"\n{number}. {choose(texts)}",
        }


def main() -> None:
    """Run the benchmark, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", nargs="?", type=Path, default=DEFAULT_MODEL)
    router = Router.load(parser.parse_args().model)
    inventor = Inventor()
    texts = unseen_texts(TEXTS)
    answers: dict[str, Answer] = {
        "agencies": lambda text: router.model.agency_probabilities([analyse(text)]),
        "findings": lambda text: list(router._findings([text])),  # a generator, which does nothing until consumed
        "routed": lambda text: router.route_many([text]),
        "suggestion": router.suggest,
    }
    print(f"{'µs a text':{WIDTH}}{'median':>10}{'99 of 100':>12}")
    for name, seconds in _by_turns(answers, texts).items():
        _tell(name, seconds)
    strange = [f"{text} {' '.join(inventor.affixed() for _ in range(10))}" for text in texts]
    _tell("suggestion, 10 unseen words", [_seconds(router.suggest, text) for text in strange])
    print(f"\n{f'ms for {LONG:,} characters of':{WIDTH}}{'least':>10}")
    for kind, word in inventor.slow_kinds(texts).items():
        least = min(_seconds(router.suggest, _long(word)) for _ in range(LONG_TEXTS))
        print(f"{kind:{WIDTH}}{least * 1e3:10.1f}")


def _by_turns(answers: dict[str, Answer], texts: Sequence[str]) -> dict[str, list[float]]:
    """Return the seconds of each call, after a round that only warms up."""
    found: dict[str, list[float]] = {name: [] for name in answers}
    for number in range(ROUNDS + 1):
        for name, answer in answers.items():
            seconds = [_seconds(answer, text) for text in texts]
            found[name] += seconds if number else []
    return found


def _seconds(answer: Answer, text: str) -> float:
    began = time.perf_counter()
    answer(text)
    return time.perf_counter() - began


def _long(word: Word) -> str:
    words: list[str] = []
    letters = 0
    while letters < LONG:
        words.append(word(len(words) + 1))
        letters += len(words[-1]) + 1
    return " ".join(words)[:LONG]


def _tell(name: str, seconds: Sequence[float]) -> None:
    median, most = np.percentile(seconds, [50, 99]) * 1e6
    print(f"{name:{WIDTH}}{median:10.0f}{most:12.0f}")


if __name__ == "__main__":
    main()
