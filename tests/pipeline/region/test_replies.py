"""Templates of replies to citizens, which the check of a region's folder covers."""

from __future__ import annotations

from pathlib import Path

import yaml

from pipeline.region import check_region, load_region
from pipeline.region.replies import fill, national_replies
from tests.pipeline.region.small_region import folder

OWN = national_replies().model_dump(exclude={"contacts"})


def _write(path: Path, **changed: object) -> Path:
    (path / "replies.yaml").write_text(yaml.safe_dump(OWN | changed, allow_unicode=True), encoding="utf-8")
    return path


def test_every_body_outside_bekasis_authority_can_be_reached() -> None:
    region = load_region("kab_bekasi")
    outside = [agency.code for agency in region.agencies.values() if agency.kind == "luar"]
    assert outside
    assert set(outside) <= set(region.replies.contacts)


def test_a_region_overrides_the_national_replies(tmp_path: Path) -> None:
    path = _write(folder(tmp_path, "a,dinas,Dinas A,,,,,,\n"), received="Hatur nuhun, nomor {nomor}.")
    assert load_region(path).replies.received == "Hatur nuhun, nomor {nomor}."
    assert load_region(path).replies.contacts == {}
    _write(path, forwarded_late="Parantos ka {instansi}.", merged="Parantos aya: {induk}.")
    own = load_region(path).replies
    assert (own.forwarded_late, own.merged) == ("Parantos ka {instansi}.", "Parantos aya: {induk}.")
    _write(path, forwarded_late=None, merged=None)
    assert load_region(path).replies.forwarded_late == national_replies().forwarded_late
    assert load_region(path).replies.merged == national_replies().merged


def test_mistakes_in_replies_are_listed_with_the_others(tmp_path: Path) -> None:
    path = folder(tmp_path, "a,dinas,Dinas A,,,,,,\nl,luar,PLN,,,,,,\no,luar,PN Gas,,,,,2020-01-01,l\n")
    assert [m.what for m in check_region(path)] == ["contacts: how to reach PLN (l) is missing"]
    _write(path, recieved="Nomor {nomor} diterima.")
    assert any("recieved" in m.what for m in check_region(path))
    _write(path, received="Nomor {nomer} diterima.", forwarded="Sudah diteruskan.")
    assert sum("unknown placeholder nomer" in m.what for m in check_region(path)) == 1
    assert sum("{instansi} is missing" in m.what for m in check_region(path)) == 1
    _write(path, forwarded_late="{instansi} menanganinya sampai {tenggat}.")
    assert sum("{tenggat} is in the past" in m.what for m in check_region(path)) == 1
    _write(path, contacts={"l": "telepon 123", "z": "telepon 999"})
    assert [m.what for m in check_region(path)] == ["contacts: 'z' is not an agency"]


def test_a_placeholder_without_value_stays_as_it_stands() -> None:
    assert fill("{nomor} ke {instansi}", {"nomor": "7"}) == "7 ke {instansi}"
