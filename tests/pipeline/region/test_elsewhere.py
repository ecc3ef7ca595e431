from __future__ import annotations

import pytest

from pipeline.region import Region
from pipeline.region.elsewhere import ElsewhereFinder, names_elsewhere
from pipeline.text.tokens import read_words


@pytest.fixture(scope="module")
def finder(bekasi: Region) -> ElsewhereFinder:
    return ElsewhereFinder(bekasi.code, bekasi.places.values())


@pytest.mark.parametrize(
    ("text", "government"),
    [
        ("jalan rusak di Kota Bandung", "Kota Bandung"),
        ("jalan rusak di kab. garut", "Kabupaten Garut"),
        ("banjir di Jakarta Utara lagi", "Kota Administrasi Jakarta Utara"),
        ("lampu mati, Denpasar", "Kota Denpasar"),
        ("tolong pemkot Malang", None),
        ("parkir liar di Kota Solo", "Kota Surakarta"),
        ("macet di Jogja", "Kota Yogyakarta"),
        ("mohon Kota Malang bertindak", "Kota Malang"),
        ("nasib malang, batu jatuh di padang", None),
        ("jalan rusak di Kota Bekasi", "Kota Bekasi"),
        ("jalan rusak di Kabupaten Bekasi", None),
        ("jalan rusak di Bekasi", None),
        ("lampu mati di Jalan Surabaya", None),
        ("saya pindah dari Pontianak", None),
        ("desa Karanganyar banjir", None),
        ("staf kaur desa tidak ada di tempat", None),
    ],
)
def test_other_governments_are_told_from_streets_origins_and_ordinary_words(
    finder: ElsewhereFinder, text: str, government: str | None
) -> None:
    assert finder.find(read_words(text)) == government


def test_where_labels_are_taken_as_they_are_nothing_is_elsewhere() -> None:
    text = "jalan rusak di Kota Bandung"
    assert ElsewhereFinder("none", ()).find(read_words(text)) is None


def test_the_same_names_tell_an_address_elsewhere(bekasi: Region) -> None:
    called = set(names_elsewhere(bekasi.code))
    assert {"Kota Bekasi", "Bekasi Kota", "Karawang", "Kab Garut", "Jakarta Utara", "Kecamatan Rawalumbu"} <= called
    assert not called & {"Bekasi", "Kabupaten Bekasi", "Malang", "Demak", "Kecamatan Cibitung", "Jawa Barat"}
