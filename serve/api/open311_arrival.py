"""Parsing of complaints posted by Open311 clients."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, Literal

from pipeline.complaint import Complaint
from pipeline.numerals import decimal
from pipeline.region import Region
from serve.api.open311_format import Open311Error
from serve.store.intake import Arrival

CHANNEL = "open311"
_FIELDS: Final[dict[str, tuple[str, str | None]]] = {  # description, and an example
    "service_code": ("Code from /open311/v2/services; umum leaves the choice to the desk", "umum"),
    "description": ("The citizen's text", "Lampu jalan di depan Pasar Cibitung mati sudah seminggu"),
    "lat": ("WGS 84 latitude; lat and long, address_string or address_id is required", "-6.3456"),
    "long": ("WGS 84 longitude", "107.15"),
    "address_string": ("Where it happened, in words", "Desa Wanasari, Kecamatan Cibitung"),
    "address_id": ("Kemendagri code of a kecamatan, kelurahan or desa", None),
    "first_name": ("The reporter's first name", "Siti"),
    "last_name": ("The reporter's last name", None),
    "phone": ("The reporter's telephone number", None),
    "email": ("The reporter's email address", None),
    "media_url": ("URL of a photo; shown at the desk with the text", None),
    "api_key": ("Key with the scope intake, unless sent in the header Authorization", None),
}
# OpenAPI schema, as FastAPI cannot derive one for a form parsed by hand.
FORM: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["service_code", "description"],
    "properties": {
        name: {"type": "string", "description": what} | ({"examples": [example]} if example else {})
        for name, (what, example) in _FIELDS.items()
    },
}


def arrival_of(form: Mapping[str, str], region: Region) -> Arrival:
    """Return the complaint in a form; fields of the standard that don't describe it are ignored.

    Raises
    ------
    Open311Error
        If it has no location, or an invalid one.
    ComplaintError
        If it has no text, which the standard would allow: nobody could decide where it goes.
    """
    latitude, longitude = _coordinate(form, "lat", 90), _coordinate(form, "long", 180)
    if (latitude is None) != (longitude is None):
        raise Open311Error(400, "Isi lat dan long, bukan hanya salah satu.")
    address = ", ".join(filter(None, (form.get("address_string", "").strip(), _place(form.get("address_id"), region))))
    if not address and latitude is None:
        raise Open311Error(400, "Isi lat dan long, address_string, atau address_id.")
    complaint = Complaint(form.get("description", ""), address=address or None)
    if media := form.get("media_url"):  # added after validation: a URL alone is no complaint text
        complaint = replace(complaint, text=f"{complaint.text}\n{media}")
    return Arrival(
        complaint,
        CHANNEL,
        reporter_name=_joined(form, " ", "first_name", "last_name"),
        reporter_contact=_joined(form, ", ", "phone", "email"),
        latitude=latitude,
        longitude=longitude,
    )


def _place(code: str | None, region: Region) -> str | None:
    """Return the name of the place with a Kemendagri code, with that of its kecamatan."""
    if not code:
        return None
    place = region.places.get(code)
    if place is None:
        raise Open311Error(
            400, f"address_id {code!r} bukan kode wilayah {region.name}; contohnya {next(iter(region.places), '-')}."
        )
    kecamatan = region.places[place.kecamatan_code or code].name
    return region.place_told(place.kind, place.name, kecamatan)


def _joined(form: Mapping[str, str], separator: str, *names: str) -> str | None:
    return separator.join(form[name] for name in names if form.get(name)) or None


def _coordinate(form: Mapping[str, str], name: Literal["lat", "long"], limit: int) -> float | None:
    text = form.get(name)
    if not text:
        return None
    value = decimal(text)
    if value is None or not -limit <= value <= limit:
        raise Open311Error(400, f"{name} bukan koordinat WGS 84.")
    return value
