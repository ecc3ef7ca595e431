from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.complaint import Place
from pipeline.region import PlaceEntry, Region, load_region
from pipeline.region.mentions import MAX_GUESSED
from pipeline.region.new import new_region
from pipeline.region.places import MAX_CONFIDENCE, MIN_CONFIDENCE, MIN_VILLAGE, PlaceFinder, place_finder
from pipeline.text import tokenise
from pipeline.text.tokens import read_words


@pytest.fixture(scope="module")
def finder(bekasi: Region) -> PlaceFinder:
    return place_finder(bekasi)


@pytest.fixture(scope="module")
def makassar(tmp_path_factory: pytest.TempPathFactory) -> PlaceFinder:
    return place_finder(load_region(new_region("73.71", tmp_path_factory.mktemp("regions") / "73.71")))


def find(finder: PlaceFinder, text: str, address: str = "") -> Place | None:
    place = finder.find(text, tokenise(text), address, tokenise(address))
    assert place is None or finder.may_find(read_words(text)) or finder.may_find(read_words(address))
    return place


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("lampu mati di Desa Sukadami", "Sukadami"),
        ("lampu mati di ds sukadammi dekat pasar", "Sukadami"),
        ("kades sukadami tidak pernah di kantor", "Sukadami"),
        ("jalan rusak Kec. Tambun Selatan", "Tambun Selatan"),
        ("jalan rusak kec tambunselatan", "Tambun Selatan"),
        ("banjir di tamsel", "Tambun Selatan"),
        ("banjir di Distrik Tambun Selatan", "Tambun Selatan"),
        ("panewu tambun selatan tidak pernah di kantor", "Tambun Selatan"),
        ("warga Nagari Sukadami kehabisan air", "Sukadami"),
        ("embonge rusak ndek sukadami mas", "Sukadami"),
        ("jalan rusak parah di kalurahan Wanasari kapanewon Cibitung", "Wanasari"),
        ("banjir di cikarang utara", "Cikarang Utara"),
        ("banjir di Sukakarya", "Sukakarya"),
        ("kelurahan bahagia banjir", "Bahagia"),
        ("kecamatan muara gembong sumber bakti", "Muaragembong"),
        ("Kp Utan RT 01/02, Wanasari, Cibitung, Kab. Bekasi", "Wanasari"),
        ("warga perum grand wisata blok A", "Tambun Selatan"),
        ("sampah menumpuk di Lippo Cikarang", "Cikarang Selatan"),
        ("kebalen babelan lampu mati", "Kebalen"),
        ("mekarsari tambun selatan", "Mekarsari"),
        ("burangkeng setu jalan rusak", "Burangkeng"),
        ("ciledug, kec. setu banjir", "Ciledug"),
        ("banjir di desa simpangan", "Simpangan"),
        ("banjir di sukaraja batang pohon tumbang", "Sukaraja"),
        ("antrean Puskesmas Sukatani, dari jam 5 pagi", "Sukatani"),
        ("Polsek Setu: laporan saya tidak ditanggapi", "Setu"),  # also a word for a lake
        ("dokter RSUD Cabangbungin tidak ada", "Cabangbungin"),
    ],
)
def test_places_are_found_as_people_write_them(finder: PlaceFinder, text: str, name: str) -> None:
    place = find(finder, text)
    assert place is not None
    assert place.name == name


@pytest.mark.parametrize("name", ["Alang-Alang Lebar", "Sa'dan", "Ke’pe' Tinoring", "X Koto", "2 X 11 Enam Lingkung"])
def test_names_are_found_with_and_without_what_joins_their_words(name: str) -> None:
    finder = PlaceFinder([PlaceEntry(code="13.05.01", kind="kecamatan", name=name)])
    spoken = name.replace("-", " ").replace("’", "").replace("'", "")
    for written in (name, name.lower(), name.replace("'", "’"), spoken):
        place = find(finder, f"jalan rusak di {written}, mohon diperbaiki")
        assert place is not None, written
        assert place.name == name
    assert find(finder, "a x 2 tidak ada tempat") is None


@pytest.mark.parametrize(
    "text",
    [
        "tidak ada tempat",
        "saya bahagia sekali",  # ordinary words that are also names of villages
        "anjing menyerang anak, kami di serang",
        "macet parah arah Cibitung",  # where a road leads to
        "jalan raya menuju cikarang barat macet",
        "lewat jalan cibitung rusak semua",  # a street's name
        "jalan rusak dekat jababeka",
        "Kp. Rawa Kec. Rawalumbu Kota Bekasi",  # other governments
        "banjir di Karawang",
        "warga Sukatani, Kabupaten Purwakarta",
        "Desa Sukamulya, Kota Bekasi",
        "di sukajadi bandung macet",  # a government whose name is also a word, after a village
        "di sukaraja bogor longsor",
        "banjir di karanganyar solo",
        "banjir di cipayung jaktim",
        "Kecamatan Setu Tangsel",
        "di karanganyar jateng banjir",
        "di mekarsari cileungsi jalan rusak",  # a kecamatan of a neighbour
        "di simpangan lampu merah mati",  # villages whose names are ordinary words
        "di taman sari kota anak-anak main",
        "di danau indah sekali pemandangannya",
        "macet arah mekarsari tambun selatan",
    ],
)
def test_no_place_is_given_out_where_a_name_means_something_else(finder: PlaceFinder, text: str) -> None:
    assert find(finder, text) is None


def test_a_name_that_is_in_the_dictionary_may_also_be_stated_as_ordinary(bekasi: Region) -> None:
    stated = place_finder(dataclasses.replace(bekasi, ordinary_names=("Bahagia",)))
    for text in ("jalan menuju bahagia", "jalan rusak dekat bahagia", "arah Bahagia Raya macet", "saya bahagia sekali"):
        assert find(stated, text) is None
    place = find(stated, "kelurahan bahagia banjir")
    assert place is not None
    assert place.name == "Bahagia"


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("banjir di Sukakarya", "kecamatan", "Sukakarya"),  # a desa in it has the same name
        ("pasar Wanasari kotor, Cibitung", "kecamatan", "Cibitung"),  # a market may be in the next village
        ("vaksin di Puskesmas Wanasari, habis", "kecamatan", "Cibitung"),  # and an office serves several
        ("atap SDN Sukadami bocor, Kec. Cikarang Selatan", "kecamatan", "Cikarang Selatan"),
        ("Tambun Selatan, jalan rusak", "kecamatan", "Tambun Selatan"),  # a single word would not be sure enough
        ("Jalan Wanasari, Wanasari Bekasi lampu mati", "kelurahan", "Wanasari"),  # a street named after its village
        ("lampu mati di Bahagia Kab. Bekasi", "kelurahan", "Bahagia"),  # an ordinary word, but for those after it
        ("banjir di Cibitung, kata orang jateng", "kecamatan", "Cibitung"),  # "jateng" describes people
    ],
)
def test_a_village_is_told_where_the_text_says_that_it_is_there_else_its_kecamatan(
    finder: PlaceFinder, text: str, kind: str, name: str
) -> None:
    place = find(finder, text)
    assert place is not None
    assert (place.kind, place.name) == (kind, name)
    assert place.confidence <= MAX_CONFIDENCE


def test_a_road_makes_no_kecamatan_surer_since_it_keeps_its_name_in_the_next(finder: PlaceFinder) -> None:
    alone = find(finder, "banjir di Cibitung")
    assert alone is not None
    assert find(finder, "banjir di Cibitung, jalan Wanasari rusak") == alone


def test_another_government_a_few_words_on_says_where_the_village_lies(finder: PlaceFinder) -> None:
    assert find(finder, "Kec. Setu, di daerah Tangsel, banjir") is None
    assert find(finder, "Kec. Setu banjir, macetnya sampai Tangsel") is not None


def test_a_road_named_after_another_town_moves_nothing(finder: PlaceFinder) -> None:
    place = find(finder, "lubang di jl raya bogor, kel. Jatimulya")
    assert place is not None
    assert place.name == "Jatimulya"


@pytest.mark.parametrize(
    ("text", "kecamatan"),
    [
        ("Jl. Perintis Kemerdekaan, Kec. Biringkanaya, Makassar", "Biringkanaya"),
        ("lampu mati, Kel. Bira, Kec. Tamalanrea, Kota Makassar", "Tamalanrea"),
        ("banjir di Biringkanaya, Makassar", "Biringkanaya"),
        ("di Makassar banyak jalan rusak", None),
        ("warga Kota Makassar mengeluh", None),
        ("banjir di Kecamatan Makassar", "Makassar"),
        ("Kel. Maricaya Baru, Makassar", "Makassar"),
        ("jalan rusak Kec. Ujung Pandang", "Ujung Pandang"),  # Kecamatan Ujung lies in Parepare
        ("jalan rusak kecamatan ujungtanah", "Ujung Tanah"),
    ],
)
def test_a_kecamatan_that_is_called_as_its_region_is_meant_only_where_that_is_said(
    makassar: PlaceFinder, text: str, kecamatan: str | None
) -> None:
    place = find(makassar, text)
    assert (place and place.kecamatan) == kecamatan


def test_two_kecamatan_named_alike_strongly_are_none(finder: PlaceFinder) -> None:
    assert find(finder, "jalan dari Kec. Setu dan Kec. Cibarusah rusak") is None


def test_the_kecamatan_tells_apart_villages_and_kecamatan_of_one_name(finder: PlaceFinder) -> None:
    text = "jalan Desa Sukakarya rusak"
    place = find(finder, text)
    assert place is not None
    assert place.kind == "desa"
    assert text[place.start : place.end] == "Sukakarya"


@pytest.mark.parametrize("between", [" ", ", ", " kec. ", ", Kec ", " kecamatan ", ", Kecamatan ", " distrik "])
def test_of_villages_of_one_name_the_one_in_the_kecamatan_behind_it_is_meant(between: str) -> None:
    surabaya = place_finder(load_region("kota_surabaya"))
    for kecamatan, code in (("Rungkut", "35.78.03.1005"), ("Tegalsari", "35.78.05.1005")):
        place = find(surabaya, f"banjir di kelurahan Wonorejo{between}{kecamatan}")
        assert place
        assert place.code == code
    assert find(surabaya, "banjir di kelurahan Wonorejo") is None


def test_the_address_is_asked_when_the_text_names_nothing(finder: PlaceFinder) -> None:
    place = find(finder, "lampu mati", "Desa Wanajaya, Cibitung")
    assert place is not None
    assert (place.name, place.kecamatan, place.start) == ("Wanajaya", "Cibitung", None)


def test_a_village_and_its_kecamatan_are_surer_than_either(finder: PlaceFinder) -> None:
    alone, both = find(finder, "banjir di Cibitung"), find(finder, "banjir di Cibitung, Kec. Cibitung")
    assert alone is not None
    assert both is not None
    assert both.confidence > alone.confidence


_PIECES = st.sampled_from(
    "Desa desa ds kec. Kelurahan di jalan arah dekat perum pasar Cibitung Sukadami sukadammi Tambun Selatan Bahagia "
    "Kota Bekasi Karawang jababeka rusak , . RT 02 IV\n".split(" ")
)


@given(st.lists(_PIECES, max_size=12), st.lists(_PIECES, max_size=5))
def test_what_is_given_out_is_sure_and_stands_in_the_text(
    finder: PlaceFinder, text: list[str], address: list[str]
) -> None:
    words = " ".join(text)
    place = find(finder, words, " ".join(address))
    if place is None:
        return
    assert MIN_CONFIDENCE * MIN_VILLAGE <= place.confidence <= MAX_CONFIDENCE
    if place.start is not None:
        assert words[place.start : place.end].strip()
        assert place.start in {token.span.start for token in tokenise(words)}


def test_of_villages_invented_without_end_only_so_many_are_held_against_names_with_a_wrong_letter(
    finder: PlaceFinder,
) -> None:
    known, misspelt = find(finder, "di Desa Sukadami, lampu mati"), find(finder, "di Desa Sukadamiy, lampu mati")
    assert known is not None
    assert misspelt is not None
    assert misspelt.code == known.code
    invented = "desa xyzzyq, " * (MAX_GUESSED - 1)
    within, beyond = (
        find(finder, f"{more}di Desa Sukadamiy, lampu mati") for more in (invented, f"{invented}desa q, ")
    )
    assert within is not None
    assert within.code == known.code
    assert beyond is None
    assert find(finder, f"{invented}desa q, di Desa Sukadami, lampu mati") is not None
