"""The check of ``region.yaml``: settings, deadlines, weights and neighbours."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.region import check_region, load_region
from tests.pipeline.region.small_region import SETTINGS, SLA, folder


def test_a_prior_of_an_urusan_that_is_not_there_is_a_mistake(tmp_path: Path) -> None:
    path = folder(tmp_path, "a,dinas,Dinas A,,,,,,\n", settings=SETTINGS + SLA + "priors: {jalan-raya: 3}\n")
    assert [str(m) for m in check_region(path)] == [
        "region.yaml:5: priors: 'jalan-raya' is not an urusan: the catalogue has no file jalan-raya.yaml"
    ]


def test_shares_of_alarms_are_less_than_all_and_of_an_urusan_and_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    own = "alarm_shares:\n  sosial: 3\n  gotong-royong: 0.2\n  pangan: 0\n  desa: 0.1\n"
    path = folder(tmp_path, settings=SETTINGS + "extends: base\nwithout: []\n" + own)
    assert [str(m) for m in check_region(path) if "alarm" in m.what] == [
        "region.yaml:7: alarm_shares.sosial: not a share between 0 and 1; write 3 % as 0.03 (found 3)",
        "region.yaml:8: alarm_shares: 'gotong-royong' is not an urusan: the catalogue has no file gotong-royong.yaml",
        "region.yaml:9: alarm_shares.pangan: not a share between 0 and 1; write 3 % as 0.03 (found 0)",
    ]


def test_responders_to_what_is_no_danger_and_of_no_urusan_are_mistakes(tmp_path: Path) -> None:
    own = "responders: {kebakran: [kebakaran], bom: [polisi], gempa: []}\n"
    path = folder(tmp_path, settings=SETTINGS + "extends: base\nwithout: []\n" + own)
    mistakes = [str(mistake) for mistake in check_region(path) if "responders" in mistake.what]
    assert mistakes[0].startswith(
        "region.yaml:6: responders: 'kebakran' is not a danger; known dangers: kebakaran, gas-bocor, "
    )
    assert mistakes[1:] == [
        "region.yaml:6: responders: 'polisi' is not an urusan: the catalogue has no file polisi.yaml"
    ]


def test_a_neighbour_that_is_no_other_regency_is_a_mistake(tmp_path: Path) -> None:
    path = folder(tmp_path, "a,dinas,Dinas A,,,,,,\n", settings=SETTINGS + SLA + "neighbours: ['32.75', '99.99']\n")
    assert [str(m) for m in check_region(path)] == ["region.yaml:5: neighbours: '99.99' is not another regency or city"]


def test_an_ordinary_name_that_no_place_has_is_a_mistake(tmp_path: Path) -> None:
    path = folder(tmp_path, "a,dinas,Dinas A,,,,,,\n", settings=SETTINGS + SLA + "ordinary_names: [Simpangann]\n")
    assert [str(m) for m in check_region(path)] == [
        "region.yaml:5: ordinary_names: 'Simpangann' is not a name in places.csv"
    ]


def test_a_mistake_in_region_yaml_hides_none_of_the_other_files(tmp_path: Path) -> None:
    path = folder(tmp_path, "a,kantor,Kantor A,,,,,,\n", "x,desa,Satu,,,\n", SETTINGS + SLA + "neighbors: []\n")
    (path / "landmarks.csv").write_text("name,kind,place\nTaman Kota,kebun,33.07.01\n", encoding="utf-8")
    (path / "catalogue").mkdir()
    (path / "catalogue" / "contoh.yaml").write_text("urusan: contoh\n", encoding="utf-8")
    assert {m.file for m in check_region(path)} == {
        "agencies.csv", "catalogue/contoh.yaml", "landmarks.csv", "places.csv", "region.yaml",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("settings", "line", "says"),
    [
        (SETTINGS + "note: a\x03b\n" + SLA, 4, "control characters"),
        (SETTINGS + "since: 2025-13-45\n" + SLA, 4, "'2025-13-45' is not of type timestamp"),
        (SETTINGS + "since: !!int ''\n" + SLA, 4, "not valid YAML: '' is not of type int"),
        (SETTINGS + "since: !!bool x\n" + SLA, 4, "not valid YAML: 'x' is not of type bool"),
        (SETTINGS + "since: !!timestamp x\n" + SLA, 4, "not valid YAML: 'x' is not of type timestamp"),
        (SETTINGS + SLA + "name: Kabupaten Lain\n", 5, "not valid YAML: 'name' occurs twice"),
    ],
)
def test_what_only_looks_like_yaml_is_a_mistake(tmp_path: Path, settings: str, line: int, says: str) -> None:
    (mistake,) = check_region(folder(tmp_path, settings=settings))
    assert (mistake.file, mistake.line) == ("region.yaml", line)
    assert says in str(mistake)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        (SLA, "region.yaml:1: code: missing"),
        ("", "region.yaml: not a list of names and values; write each on its own line"),
        (SETTINGS + SLA + "neighbours: [Temanggung]\n", "region.yaml:5: neighbours.0: write it as '35.78'"),
        (
            SETTINGS + SLA + "priors:\n",
            "region.yaml:5: priors: not a list of names and values; write each on its own line",
        ),
        (SETTINGS + SLA + "priors: {sosial: '3,5'}\n", "region.yaml:5: priors.sosial: not a number"),
        (SETTINGS + SLA + "answer_within: 4 hari\n", "region.yaml:5: answer_within: not a whole number"),
        (
            SETTINGS + "extends: base\nwithout_urusan: [desaa]\n",
            "region.yaml:5: without_urusan: the base has no urusan 'desaa'",
        ),
    ],
)
def test_a_setting_that_cannot_be_used_says_what_can(tmp_path: Path, settings: str, says: str) -> None:
    assert any(str(mistake).startswith(says) for mistake in check_region(folder(tmp_path, settings=settings)))


def test_the_code_is_a_regencys_and_that_of_all_its_places(tmp_path: Path) -> None:
    places = "33.07.01,kecamatan,Satu,,,\n33.07.01.2001,desa,Dua,33.07.01,,\n"
    (nowhere,) = check_region(
        folder(tmp_path, places=places.replace("33.07", "99.01"), settings=SETTINGS.replace("33.07", "99.01") + SLA)
    )
    assert str(nowhere) == "region.yaml:1: code: '99.01' is not the Kemendagri code of a regency or city"
    (other,) = check_region(folder(tmp_path, places=places, settings=SETTINGS.replace("33.07", "33.08") + SLA))
    assert str(other) == "region.yaml:1: code: '33.08' does not match the codes in places.csv"
    strange = "33.08.02,kecamatan,Tiga,,,\n33.07.03,kecamatan,Empat,,,\n33.07.01.2002,desa,Lima,33.07.03,,\n"
    assert [str(mistake) for mistake in check_region(folder(tmp_path, places=places + strange))] == [
        "places.csv:4: Tiga (33.08.02) is not in the region with the code '33.07'",
        "places.csv:6: desa Lima (33.07.01.2002) has the code of another kecamatan than '33.07.03'",
    ]


def test_terms_by_kind_are_the_nations_where_a_region_has_none_of_its_own(tmp_path: Path) -> None:
    national = load_region(folder(tmp_path)).sla_by_kind
    own = "sla_by_kind: {pengaduan: 10, pengawasan: 50, permintaan_informasi: 4, aspirasi: 9, bukan_aduan: 3}\n"
    stated = load_region(folder(tmp_path, settings=SETTINGS + SLA + own)).sla_by_kind
    assert (national.pengawasan, national.aspirasi) == (60, 14)
    assert (stated.pengawasan, stated.aspirasi) == (50, 9)
