"""Dangers are recognised by meaning, not just by words: minimal pairs as in CheckList, without a model."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

import pipeline.urgency
from pipeline.complaint import Level
from pipeline.text.tokens import read_words
from pipeline.urgency import DangerSign, Standing, danger_finder, load_cues, tell_reasons
from pipeline.urgency.assertion import judge
from pipeline.urgency.lexicon import Hit
from pipeline.urgency.matcher import MAX_JUDGED
from pipeline.urgency.reading import Reading
from pipeline.urgency.schema import Cue, CueCatalogue, pattern_names
from tests.pipeline.urgency.asked import is_emergency, signs

PAIRS = Path(__file__).parents[2] / "data" / "urgency" / "pairs.yaml"
PASSING = 0.95  # of 300; those that fail are listed in docs/urgency.md


def _variants(pair: dict[str, str]) -> Iterator[tuple[str, str, bool]]:
    """Yield (capability, text, whether it is an emergency)."""
    base, about = pair["base"], pair["about"]
    for name in ("negated", "over", "what_if"):
        yield name, pair[name], False
    yield "training", f"Mohon jadwal pelatihan dan sosialisasi tentang {about} untuk karang taruna.", False
    yield "thanks", f"Terima kasih atas bantuan petugas kemarin soal {about}, semuanya sudah beres.", False
    for name in ("dialect", "typo"):
        yield name, pair[name], True
    yield "capitals", base.upper(), True
    yield (
        "courtesy",
        f"Assalamualaikum Bapak Ibu yang terhormat, maaf mengganggu, {base}. Terima kasih sebelumnya.",
        True,
    )
    yield "anger", f"{base}!!! kalian tidur ya, percuma lapor!!!", True


def test_minimal_pairs_are_told_apart() -> None:
    pairs = yaml.safe_load(PAIRS.read_text(encoding="utf-8"))
    assert all(is_emergency(pair["base"]) for pair in pairs)
    results = [
        (name, text, is_emergency(text) is expected) for pair in pairs for name, text, expected in _variants(pair)
    ]
    assert len(results) >= 300
    failed = [f"{name}: {text}" for name, text, passed in results if not passed]
    assert 1 - len(failed) / len(results) >= PASSING, "\n".join(failed)


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        ("tidak ada korban luka", Standing.DENIED),
        ("takutnya tabung gas meledak", Standing.FEARED),
        ("kalau terjadi kebakaran siapa yang datang", Standing.CONDITIONAL),
        ("gudang kebakaran tahun lalu", Standing.OVER),
        ("undangan lomba lukis, temanya rumah terbakar", Standing.UNCONCERNED),
        ("rumah kebakaran", Standing.REAL),
    ],
)
def test_a_danger_has_the_standing_that_the_text_gives_it(text: str, standing: Standing) -> None:
    assert standing in {sign.standing for sign in signs(text)}


def test_what_goes_on_now_outweighs_what_is_over() -> None:
    assert not is_emergency("api di gudang sudah padam, terima kasih")
    assert is_emergency("api di gudang sudah padam tapi sekarang rumah sebelah kebakaran")


@pytest.mark.parametrize(
    "text",
    [
        "sudah lapor ke dinas lewat aplikasi tapi tidak respon",
        "NIK istri saya tidak ditemukan waktu daftar BPJS",
        "poli lansia ada di lantai dua, tangganya curam",
        "mobil saya tidak bisa keluar karena parkir liar",
        "kucing tetangga nyangkut di pohon kelapa",
        "lampu jalan mati, tunggu berapa orang lagi kecelakaan baru diperbaiki",
        "cuti melahirkan ditolak perusahaan",
        "petugas saling lempar tanggung jawab",
        "ambulans puskesmas minta bayaran",
        "dinding selokan roboh",
    ],
)
def test_words_of_danger_in_an_ordinary_complaint_are_no_emergency(text: str) -> None:
    assert not is_emergency(text)


@pytest.mark.parametrize(
    ("text", "danger", "harmless"),
    [
        ("terdengar tembakan di gang sebelah", "tembakan", "terdengar tembakan gas air mata di lapangan"),
        ("dua orang kena petir di gubuk", "petir", "televisi kena petir"),
        ("bapak tiri nyiram anaknya pake air panas", "pendarahan", "ibu nyiram tanaman pake air panas"),
        ("jempolnya putus kena gerinda", "pendarahan", "tali gerinda saya putus"),
        ("dia mau ngebom masjid", "bom", "nelayan ngebom ikan"),
        ("gelandangan tergeletak di trotoar ga gerak", "nyawa-terancam", "gelandangan tidur di trotoar"),
        ("penggali kehabisan napas di dalam sumur", "nyawa-terancam", "sumur kehabisan air"),
        ("opa sebelah ga keliatan 2 hari, dari dalam bau", "lansia-tak-menjawab", "opa sebelah ga keliatan"),
        ("tki disekap majikan di luar negeri", "disiksa", "berita warga disekap di luar negeri"),
        ("adik saya tkw di jepang disiksa", "disiksa", "berita warga disiksa di jepang"),
    ],
)
def test_an_emergency_is_known_and_what_has_its_words_is_none(text: str, danger: str, harmless: str) -> None:
    assert (danger, Level.DARURAT) in [(sign.cue.id, sign.level) for sign in signs(text)]
    assert not is_emergency(harmless)


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("air kali yang tadi pagi masih jauh di bawah tanggul sekarang di gang kami seleher", "banjir-tinggi"),
        ("bapak sudah saya bawa ke igd dari jam dua siang naik becak tapi disuruh pulang, stroke", "pasien-ditolak"),
        ("drum isi solar yang ditaruh di belakang gudang pabrik mebel sejak tadi sore bocor", "kimia"),
        (
            "ambulans desa yang biasa dipakai buat nganter warga ke kota sampai jam segini belum datang",
            "butuh-ambulans",
        ),
    ],
)
def test_what_is_told_at_length_is_known_though_its_words_stand_apart(text: str, danger: str) -> None:
    assert (danger, Level.DARURAT) in [(sign.cue.id, sign.level) for sign in signs(text)]


def test_words_far_apart_tell_of_what_lasts_and_not_of_what_happens_at_once() -> None:
    between = "di ujung gang sempit yang dibeton dinas waktu pasar masih lebar"
    assert ("tiang-rawan", Level.TINGGI) in [(sign.cue.id, sign.level) for sign in signs(f"tiang {between} miring")]
    assert "hanyut" in {sign.cue.id for sign in signs("warga hanyut")}
    assert "hanyut" not in {sign.cue.id for sign in signs(f"warga {between} hanyut")}


def test_a_feared_emergency_is_serious_and_its_reason_says_that_it_is_feared() -> None:
    text = "takutnya tabung gas meledak"
    levels = {sign.level for sign in signs(text)}
    assert Level.TINGGI in levels
    assert Level.DARURAT not in levels
    assert any("dikhawatirkan" in reason for reason, _ in tell_reasons(text, signs(text), Level.TINGGI))


def test_reasons_quote_the_citizens_own_words() -> None:
    text = "Min, KABEL LISTRIK PUTUS menjuntai di gang!"
    reason, span = tell_reasons(text, signs(text), Level.DARURAT)[0]
    assert text[span.start : span.end] in reason
    assert "kabel listrik putus atau terjangkau orang" in reason


def test_over_forty_kinds_of_danger_are_known_for_emergencies() -> None:
    cues = load_cues().cues
    assert sum(cue.level is Level.DARURAT for cue in cues) >= 40
    assert sum(cue.level is Level.TINGGI for cue in cues) >= 20


def test_a_pattern_with_an_unknown_class_is_refused_by_name() -> None:
    known = load_cues().model_dump()
    known["cues"] = [{"id": "x", "level": "darurat", "reason": "sebab", "any": ["APINYA MENYALA"]}]
    with pytest.raises(ValidationError, match="APINYA"):
        CueCatalogue.model_validate(known)


def test_a_class_has_the_words_of_those_that_it_names_and_no_name_among_them() -> None:
    known = load_cues()
    assert set(known.classes["PUKULAN"]) < set(known.classes["ANIAYA"]) < set(known.classes["PUKUL"])
    broken = known.model_dump() | {"classes": {**known.classes, "TEMPAT": (("pasar",), ("GEDUNG",))}}
    with pytest.raises(ValidationError, match="class TEMPAT refers to GEDUNG; a class may contain words only"):
        CueCatalogue.model_validate(broken)


def test_every_class_of_words_is_named_by_a_danger_or_read_by_itself() -> None:
    # "MILIK" marks possession; "DAHULU" hides a "dulu" that isn't about the past.
    catalogue = load_cues()
    named = {name for cue in catalogue.cues for pattern in cue.any for name in pattern_names(pattern)}
    folder = Path(pipeline.urgency.__file__).parent
    classes = yaml.safe_load((folder / "words.yaml").read_text(encoding="utf-8"))["classes"]
    named.update(word for words in classes.values() for word in words.split())
    assert catalogue.classes.keys() - named == {"MILIK", "DAHULU"}


@given(st.text(max_size=300))
def test_any_text_is_read_and_spans_lie_in_it(text: str) -> None:
    assert all(0 <= sign.span.start < sign.span.end <= len(text) for sign in signs(text))


_SOME_WORDS = sorted({
    word
    for phrases in load_cues().classes.values()
    for phrase in phrases
    for word in phrase
})  # fmt: skip


@settings(max_examples=300)
@given(st.lists(st.sampled_from(_SOME_WORDS) | st.text(max_size=8), max_size=12).map(" ".join))
def test_where_nothing_may_be_found_nothing_is(text: str) -> None:
    assert danger_finder().may_find(read_words(text)) or not signs(text)


def test_nothing_of_the_written_dangers_is_passed_over() -> None:
    for pair in yaml.safe_load(PAIRS.read_text(encoding="utf-8")):
        for text in (pair["base"], *(variant for _, variant, _ in _variants(pair))):
            assert danger_finder().may_find(read_words(text)) or not signs(text)


def test_one_danger_is_judged_at_so_many_places_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    judged: Counter[str] = Counter()

    def counted(reading: Reading, cue: Cue, found: list[tuple[str, Hit]]) -> DangerSign:
        judged[cue.id] += 1
        return judge(reading, cue, found)

    monkeypatch.setattr("pipeline.urgency.matcher.judge", counted)
    over = "kemarin ada kebakaran rumah, sudah padam. "
    found = signs(over * 60)
    assert [sign.level for sign in found if sign.cue.id == "kebakaran"] == [None]
    assert max(judged.values()) == MAX_JUDGED


def test_every_process_finds_the_same_words() -> None:
    text = "jembatan ambles saluran ambles, kabel listrik putus menjuntai di jalan ada api dan asap, air mati"
    code = (
        "import sys; from pipeline.text import tokenise; from pipeline.urgency import danger_finder;"
        "print([(s.cue.id, s.span) for s in danger_finder().find(sys.argv[1], tokenise(sys.argv[1]))])"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code, text],
            env=os.environ | {"PYTHONHASHSEED": str(seed)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in (1, 2)
    }
    assert len(told) == 1


@pytest.mark.skipif(not yaml.__with_libyaml__, reason="PyYAML was built without libyaml")
def test_the_cues_are_read_by_the_parser_in_c(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml.reader.Reader, "__init__", None)  # breaks the Python parser, which is twelve times as slow
    assert load_cues.__wrapped__() == load_cues()


def test_elements_that_stand_as_far_apart_as_they_may_are_not_passed_over() -> None:
    finder, classes = danger_finder(), load_cues().classes
    single = {name: next((p[0] for p in classes[name] if len(p) == 1), None) for name in classes}
    two = {p for found in finder._by_class.values() for p in found if len(p.others) == 1 and not p.forbidden}
    found = 0
    for pattern in two:
        anchor, other = (single.get(names[0], names[0]) for names in (pattern.anchor, pattern.others[0]))
        between = "entah " * (pattern.window - 2)
        for text in (f"{anchor} {between}{other}", f"{other} {between}{anchor}"):
            is_found = any(sign.cue is pattern.cue for sign in signs(text))
            found += is_found
            assert finder.may_find(read_words(text)) or not is_found, text
    assert found > len(two) / 2
