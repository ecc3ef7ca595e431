"""How fast the starter corpus is made, and whether any two of its complaints are equal.

    python benchmarks/starter.py [--rows 100000] [--region kab_bekasi]

Makes the corpus once in memory and once as a Parquet file, as ``disposisi starter`` does.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from real_complaints import ROOT

from pipeline.region import load_region
from training.params import load_params
from training.starter import generate, write_corpus


def main() -> None:
    """Run the benchmark, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000, help="complaints to generate")
    parser.add_argument("--region", default="kab_bekasi", help="region whose catalogue is used")
    given = parser.parse_args()
    settings = load_params(ROOT / "params.yaml").starter
    region = load_region(given.region)

    started = time.perf_counter()
    corpus = generate(region, given.rows, seed=settings.seed, noise=settings.noise, priors=settings.priors)
    texts = {row.text for row in corpus}
    seconds = time.perf_counter() - started
    print(f"made      {given.rows:,} complaints in {seconds:.1f} s, {given.rows / seconds:,.0f} a second")
    print(f"different {len(texts):,}")

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "starter.parquet"
        started = time.perf_counter()
        corpus = generate(region, given.rows, seed=settings.seed, noise=settings.noise, priors=settings.priors)
        write_corpus(path, corpus)
        print(f"written   {path.stat().st_size / 1e6:.0f} MB in {time.perf_counter() - started:.1f} s")


if __name__ == "__main__":
    main()
