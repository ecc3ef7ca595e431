"""List the licences of everything that is installed with Disposisi: python docs/licences.py > docs/licences.md.

Read from what is installed in this environment, with all extras. A copyleft licence that isn't in ``ACCEPTED`` ends it
with an error: somebody must review it first.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PRODUCT = "disposisi"
EXTRAS = ("client", "postgres", "cluster", "train", "dev")
COPYLEFT = re.compile(r"GPL|GNU|EPL|Eclipse|MPL|Mozilla|EUPL|CDDL|OSL|SSPL|-SA\b|UNKNOWN", re.IGNORECASE)
_LONGEST = 60  # characters of a licence's name; some packages give the full text instead
_UNKNOWN = "UNKNOWN"
# Licences declared only by their text.
_BY_TEXT = {
    "atheris": "Apache-2.0",
    "axe-playwright-python": "MIT, with axe-core (MPL-2.0)",
    "cleanlab": "Apache-2.0",
    "huey": "MIT",
    "skops": "MIT",
}
_FILES = "MPL-2.0 asks for the source of its own files only, which are used as they are"
# Packages with reviewed copyleft licences, and why they are acceptable. None is part of Disposisi's own wheel.
ACCEPTED = {
    "asyncssh": "EPL-2.0 is chosen; of dvc, never served",
    "axe-playwright-python": f"{_FILES}; in tests only",
    "certifi": _FILES,
    "dulwich": "Apache-2.0 is chosen",
    "grandalf": "EPL-1.0 is chosen; of dvc, never served",
    "hypothesis": f"{_FILES}; in tests only",
    "marisa-trie": "BSD-2-Clause is chosen for the library in it",
    "orjson": _FILES,
    "pathspec": _FILES,
    "psycopg": "LGPL-3.0 lets programs use the library as it is; optional",
    "psycopg-binary": "LGPL-3.0 lets programs use the library as it is; optional",
    "pygit2": "its exception lets programs link it; of dvc, never served",
    "shtab": _FILES,
    "tqdm": _FILES,
}


@dataclass(frozen=True)
class Package:
    """An installed package, its licence, and the extra that requires it; ``""`` if the product itself does."""

    name: str
    licence: str
    extra: str

    @property
    def is_copyleft(self) -> bool:
        """Whether the licence, or one of its alternatives, may be copyleft."""
        return bool(COPYLEFT.search(self.licence))


def packages() -> list[Package]:
    """Return all installed dependencies of the product and its extras, sorted by name."""
    found: dict[str, Package] = {}
    for extra in ("", *EXTRAS):
        for name, package in _needed(PRODUCT, extra, {}):
            found.setdefault(name, Package(name, licence_of(package), extra))
    del found[PRODUCT]
    return sorted(found.values(), key=lambda package: package.name)


def licence_of(package: Distribution) -> str:
    """Return the licence that a package declares: an expression, else its classifiers, else a short free text."""
    told = package.metadata
    classified = [c.rpartition(" :: ")[2] for c in told.get_all("Classifier", []) if c.startswith("License :: OSI Ap")]
    named = [name for name in classified if name != "OSI Approved"]
    free = (told.get("License") or "").strip()
    free = free.replace("|", "OR")  # as | would end a table cell
    short = free if len(free) <= _LONGEST and "\n" not in free and free != _UNKNOWN else ""
    return told.get("License-Expression") or short or " / ".join(named) or _BY_TEXT.get(package.name, _UNKNOWN)


def _needed(name: str, extra: str, seen: dict[tuple[str, str], None]) -> Iterator[tuple[str, Distribution]]:
    """Yield a package and its installed dependencies, without duplicates."""
    key = (canonicalize_name(name), extra)
    if key in seen:
        return
    seen[key] = None
    package = distribution(name)
    yield key[0], package
    for line in package.requires or ():
        needed = Requirement(line)
        if needed.marker is None or needed.marker.evaluate({"extra": extra}):
            for each in ("", *sorted(needed.extras)):
                yield from _needed(needed.name, each, seen)


def page(found: list[Package]) -> str:
    """Return the page."""
    lines = [
        "# Licences",
        "",
        "Declared licences of all packages installed with Disposisi; written by `python docs/licences.py`, checked by",
        "`tests/test_supply_chain.py`. Packages without an extra are always installed. The table of places has its own",
        "licence, `pipeline/region/base/PLACES.md`.",
        "",
        "| package | licence | extra |",
        "|---|---|---|",
        *(f"| {package.name} | {package.licence} | {package.extra} |" for package in found),
        "",
        "## Copyleft",
        "",
        "None of these is part of Disposisi's own wheel.",
        "",
        "| package | why it is acceptable |",
        "|---|---|",
        *(f"| {package.name} | {ACCEPTED[package.name]} |" for package in found if package.is_copyleft),
        "",
    ]
    return "\n".join(lines)


def unjudged(found: list[Package]) -> list[str]:
    """Return the packages with a copyleft or unknown licence that hasn't been reviewed."""
    return [
        f"{package.name}: {package.licence}"
        for package in found
        if package.is_copyleft and package.name not in ACCEPTED
    ]


if __name__ == "__main__":
    everything = packages()
    if unknown := unjudged(everything):
        sys.exit(f"Review these licences first, then add them to ACCEPTED: {'; '.join(unknown)}")
    sys.stdout.write(page(everything))
