"""Fuzz one target; fail, and keep the input, if it raises anything but the project's own errors.

libFuzzer ends the process itself; its last lines say how many inputs were tried.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["pipeline", "yaml"]):
    from tests.fuzz.targets import TARGETS

MAX_SECONDS = 20  # for one input; the longest text takes half a second


def main() -> None:
    """Parse the command line and fuzz."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", choices=TARGETS)
    limit = parser.add_mutually_exclusive_group()
    limit.add_argument("--seconds", type=int, default=300)
    limit.add_argument("--runs", type=int, default=0, help="number of inputs, the same ones every time")
    parser.add_argument("--model", type=Path, default=Path("models/default"))
    parser.add_argument("--work", type=Path, default=Path(".cache/fuzz"), help="folder of failing inputs and corpus")
    given = parser.parse_args()
    place, corpus = given.work / given.target, given.work / f"{given.target}-corpus"
    shutil.rmtree(place, ignore_errors=True)  # libFuzzer ends the process, so nothing can be cleaned up afterwards
    place.mkdir(parents=True)
    corpus.mkdir(exist_ok=True)
    target = TARGETS[given.target](given.model.resolve(), place)
    for number, seed in enumerate(target.seeds):
        (corpus / str(number)).write_bytes(seed)
    options = {
        # Repeatable runs can't trace comparisons: they are identified by addresses, which differ between processes.
        **({"runs": given.runs, "seed": 1, "use_cmp": 0} if given.runs else {"max_total_time": given.seconds}),
        "timeout": MAX_SECONDS,
        "max_len": max(4096, *(2 * len(seed) for seed in target.seeds)),
        "artifact_prefix": f"{given.work}/{given.target}-",
        "print_final_stats": 1,
        "rss_limit_mb": 4096,
    }
    atheris.Setup([sys.argv[0], *(f"-{name}={value}" for name, value in options.items()), str(corpus)], target.attempt)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
