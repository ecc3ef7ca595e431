"""Creating the folder of a new region from its Kemendagri code."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import yaml

from pipeline.atomic_folders import replacing_folder
from pipeline.errors import RegionError
from pipeline.region.national import called_there, places_of, province_name, regency_name

_AGENCY_COLUMNS = "code,kind,name,aliases,urusan,parent,valid_from,valid_to,successor,sla_working_days"
_PLACE_COLUMNS = ("code", "kind", "name", "kecamatan_code", "aliases", "misspellings")
# Most cities have no desa, and 98 governments no kelurahan (all of Aceh, Sleman), so no office handles them there.
_OFFICES_FOR = {"desa": ("desa", "dpmd"), "kelurahan": ("kelurahan",)}
_URUSAN_FOR = {"desa": ("desa", "masyarakat-desa"), "kelurahan": ("kelurahan",)}


def new_region(code: str, folder: Path) -> Path:
    """Write the folder of a regency or city: its places, and the national base's agencies and catalogue inherited.

    Parameters
    ----------
    code
        Kemendagri code, for example ``35.78``.
    folder
        The folder to make; it must not exist.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    RegionError
        If there is no such regency, or the folder exists.
    """
    name = regency_name(code)
    places = places_of(code)
    if folder.exists():
        raise RegionError(f"{folder} already exists.", mend="Choose another folder with --out, or remove this one.")
    kinds = {place.kind for place in places}
    lacking = [kind for kind in _OFFICES_FOR if kind not in kinds]
    settings = {
        "code": code,
        "name": name,
        "province": province_name(code),
        "extends": "base",
        "without": [office for kind in lacking for office in _OFFICES_FOR[kind]],
        "without_urusan": [urusan for kind in lacking for urusan in _URUSAN_FOR[kind]],
    }
    header = (
        "# Agencies, deadlines and the problem catalogue are those of the national base (PP 18/2016). Enter in\n"
        "# agencies.csv what differs here: local names and aliases, merged or divided offices.\n"
    )
    rows = [_called(kind, *names) for kind, names in called_there(code).items() if kind in kinds]
    table = io.StringIO(newline="")
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(_PLACE_COLUMNS)
    writer.writerows([p.code, p.kind, p.name, p.kecamatan_code or "", "", ""] for p in places)
    content = {
        "region.yaml": header + yaml.safe_dump(settings, sort_keys=False, allow_unicode=True),
        "agencies.csv": "\n".join((_AGENCY_COLUMNS, *rows, "")),
        "places.csv": table.getvalue(),
    }
    with replacing_folder(folder) as new:
        for file, text in content.items():
            (new / file).write_text(text, encoding="utf-8")
    return folder


def _called(kind: str, word: str, head: str) -> str:
    """Return the row of an office that exists once per place, with the province's name for it."""
    own = word.lower()
    name = f"Pemerintah {word}" if kind == "desa" else word
    return f"{kind},{kind},{name},kantor {own};{head};{own};kantor {kind},{kind},,,,,"
