"""Command line of the benchmarks on gold complaints; trains a starter model if none is given."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from real_complaints import BENCH, ROOT

from training.params import load_params
from training.train import TrainingJob, train

REGION = "kab_bekasi"


def gold_arguments(description: str | None) -> argparse.Namespace:
    """Read ``--model``, ``--bench`` and ``--gold`` from the command line."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, help="folder of a model; by default one is trained")
    parser.add_argument("--bench", type=Path, default=BENCH, help="folder of the real complaints")
    parser.add_argument("--gold", type=Path, help="gold file; defaults to gold-dev.csv in the folder")
    return parser.parse_args()


@contextmanager
def given_or_trained(folder: Path | None) -> Iterator[Path]:
    """Yield a model's folder; if none is given, that of a temporary model trained on the starter corpus only."""
    if folder:
        yield folder
        return
    with tempfile.TemporaryDirectory() as temporary:
        trained = Path(temporary) / "model"
        job = TrainingJob(files=(), region=REGION, params=load_params(ROOT / "params.yaml"))
        train(job, trained, lambda step: print(step, flush=True))
        yield trained
