from __future__ import annotations

import pyarrow.parquet
import pytest

from pipeline.region import PlaceEntry, Region, load_region, national
from pipeline.region.other_regions import ElsewhereFinder, names_behind, names_elsewhere
from pipeline.region.schema import Landmark
from pipeline.text.tokens import read_words


@pytest.fixture(scope="module")
def finder(bekasi: Region) -> ElsewhereFinder:
    return ElsewhereFinder(bekasi.code, bekasi.places.values(), bekasi.neighbours)


@pytest.mark.parametrize(
    ("text", "government"),
    [
        ("jalan rusak di Kota Bandung", "Kota Bandung"),
        ("jalan rusak di kab. garut", "Kabupaten Garut"),
        ("banjir di Jakarta Utara lagi", "Kota Administrasi Jakarta Utara"),
        ("lampu mati, Denpasar", "Kota Denpasar"),
        ("tolong pemkot Malang", "Kota Malang"),
        ("walikota bekasi tolong jalan kami", "Kota Bekasi"),
        ("bupati bekasi tolong jalan kami", None),
        ("macet di jaktim", "Kota Administrasi Jakarta Timur"),
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
        ("di bekasi barat jalan rusak", "Kecamatan Bekasi Barat, Kota Bekasi"),
        ("sampah di bantar gebang", "Kecamatan Bantargebang, Kota Bekasi"),
        ("di jonggol jalan rusak", "Kecamatan Jonggol, Kabupaten Bogor"),
        ("di klari lampu mati", "Kecamatan Klari, Kabupaten Karawang"),
        ("banjir di jalan raya cileungsi", None),
        ("lubang di terusan Jakarta", None),
        ("macet di simpang Karawang", None),
        ("macet arah rawalumbu", None),
        ("antre di pangkalan gas", None),  # also a kecamatan of Karawang
        ("masakannya pedes", None),
        ("rumah di desa sukaraja", None),  # also a kecamatan of Bogor
        ("staf kaur desa tidak ada di tempat", None),
        ("banjir di provinsi Lampung", "Lampung"),  # also a dictionary word
        ("jalan nasional di provinsi Jambi rusak", "Jambi"),  # not the city with that name
        ("pemprov jabar lambat", None),
        ("di Kabupaten Ogan Komering Ulu Timur banjir", "Kabupaten Ogan Komering Ulu Timur"),
        ("di Kab. Penukal Abab Lematang Ilir banjir", "Kabupaten Penukal Abab Lematang Ilir"),
    ],
)
def test_other_governments_are_told_from_streets_origins_and_ordinary_words(
    finder: ElsewhereFinder, text: str, government: str | None
) -> None:
    assert finder.find(read_words(text)) == government


def test_where_labels_are_taken_as_they_are_nothing_is_elsewhere() -> None:
    text = "jalan rusak di Kota Bandung"
    assert ElsewhereFinder("none", ()).find(read_words(text)) is None


def test_a_name_of_the_regions_own_that_begins_like_one_next_door_is_not_elsewhere() -> None:
    surabaya = load_region("kota_surabaya")
    finder = ElsewhereFinder(surabaya.code, surabaya.places.values(), surabaya.neighbours)
    assert finder.find(read_words("banjir di Porong")) == "Kecamatan Porong, Kabupaten Sidoarjo"
    assert finder.find(read_words("banjir di Warugunung dan Taman")) is None
    longer = PlaceEntry(code="35.78.01", kind="kecamatan", name="Porong Baru")
    finder = ElsewhereFinder(surabaya.code, [longer], surabaya.neighbours)
    assert finder.find(read_words("banjir di Porong Baru")) is None


def test_what_the_region_itself_is_called_is_not_elsewhere_though_a_kecamatan_next_door_is_called_so() -> None:
    finder = ElsewhereFinder("32.72", (), ("32.02",))  # Kota Sukabumi, and the kabupaten of the same name around it
    assert finder.find(read_words("banjir di Kota Sukabumi, jalan rusak di Sukabumi")) is None
    assert finder.find(read_words("banjir di Kabupaten Sukabumi")) == "Kabupaten Sukabumi"
    assert finder.find(read_words("banjir di Cisaat")) == "Kecamatan Cisaat, Kabupaten Sukabumi"
    assert "Sukabumi" not in names_behind("32.72", ("32.02",))


def test_the_end_of_a_name_of_the_regions_own_is_not_elsewhere() -> None:
    village = PlaceEntry(code="32.73.19.1003", kind="kelurahan", name="Babakan Ciamis")
    finder = ElsewhereFinder("32.73", [village])
    assert finder.find(read_words("Jl. Babakan Ciamis rusak")) is None
    assert finder.find(read_words("sampah di Babakan, di Ciamis juga")) == "Kabupaten Ciamis"


def test_a_landmark_of_the_region_is_not_elsewhere_though_a_kecamatan_next_door_is_called_so() -> None:
    landmark = Landmark(name="Cihampelas", kind="jalan", place="32.73.02", aliases=("Ciwalk Batujajar",))
    finder = ElsewhereFinder("32.73", (), ("32.17",), [landmark])
    assert finder.find(read_words("macet di Cihampelas, dekat Ciwalk Batujajar")) is None
    assert finder.find(read_words("sampah di kec. Cihampelas")) == "Kecamatan Cihampelas, Kabupaten Bandung Barat"
    assert finder.find(read_words("sampah di Batujajar")) == "Kecamatan Batujajar, Kabupaten Bandung Barat"


@pytest.mark.parametrize("text", ["banjir di Guluk-Guluk", "banjir di guluk guluk", "banjir di GULUKGULUK"])
def test_a_kecamatan_next_door_is_known_however_its_doubled_name_is_written(text: str) -> None:
    pamekasan = ElsewhereFinder("35.28", (), ("35.29",))
    assert pamekasan.find(read_words(text)) == "Kecamatan Guluk-Guluk, Kabupaten Sumenep"


@pytest.mark.parametrize("name", ["Sa'dan", "Sa’dan", "Sadan", "Dende' Piongan Napo", "dende piongan napo"])
def test_a_kecamatan_next_door_is_known_with_its_apostrophe_and_without(name: str) -> None:
    luwu = ElsewhereFinder("73.17", (), ("73.26",))
    assert (luwu.find(read_words(f"longsor di {name}")) or "").endswith("Kabupaten Toraja Utara")


def test_a_place_of_the_region_is_its_own_however_it_is_written() -> None:
    village = PlaceEntry(code="35.28.01.1001", kind="kelurahan", name="Guluk-Guluk")
    finder = ElsewhereFinder("35.28", [village], ("35.29",))
    assert finder.find(read_words("banjir di Guluk-Guluk, di guluk guluk dan GULUKGULUK")) is None


def test_what_says_little_alone_tells_elsewhere_behind_the_name_of_a_village(bekasi: Region) -> None:
    behind = names_behind(bekasi.code, bekasi.neighbours)
    assert {"Bogor", "Malang", "Banten", "Jawa Tengah", "Jateng", "Solo", "Cileungsi", "Rawalumbu"} <= set(behind)
    assert not set(behind) & {"Karawang", "Jakut"}, "these names are unambiguous"
    assert not set(behind) & {"Bekasi", "Jawa Barat", "Jabar"}, "the region's own name"
    assert not set(behind) & {"Medan", "Batang"}, "these mean something else far more often"
    assert not set(behind) & {"Batu", "Pati", "Bali"}, "too short"
    assert not set(names_behind(bekasi.code)) & {"Cileungsi", "Rawalumbu"}, "not in a neighbour that is named"
    assert names_behind("none") == ()


def test_the_same_names_tell_an_address_elsewhere(bekasi: Region) -> None:
    called = set(names_elsewhere(bekasi.code))
    assert "Kecamatan Cakung" in names_elsewhere(bekasi.code, bekasi.neighbours)  # a neighbour in another province
    assert {"Kota Bekasi", "Bekasi Kota", "Karawang", "Kab Garut", "Jakarta Utara", "Kecamatan Rawalumbu"} <= called
    assert not called & {"Alor", "Ende", "Pati"}, "streets and estates have such names"
    assert not called & {"Bekasi", "Kabupaten Bekasi", "Malang", "Demak", "Kecamatan Cibitung", "Jawa Barat"}


def test_what_is_elsewhere_is_known_without_the_table_of_all_villages(
    bekasi: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pyarrow.parquet, "ParquetFile", None)
    national._names.cache_clear()
    assert names_elsewhere.__wrapped__(bekasi.code) == names_elsewhere(bekasi.code)
