"""``disposisi classify``: one complaint, and a stream of them."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from rich.console import Console

from tests.pipeline.cli.conftest import Run


def test_classify_shows_agencies_urgency_and_action(run: Run, model_folder: Path) -> None:
    result = run("classify", "lampu jalan mati sudah seminggu di desa Sukadami", "--model", model_folder)
    assert result.code == 0
    assert "Dinas Perhubungan" in result.out
    assert "Urgensi" in result.out
    assert "Desa Sukadami, Kecamatan Cikarang Selatan" in result.out
    assert re.findall(r"[<>]?\d+%", result.out)
    assert not re.search(r"(?<!\d)(0|100)\s?%", result.out)  # never certain, as at the desk


def test_the_words_that_counted_are_marked_where_they_stand(
    run: Run, model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def underlined(text: str) -> list[str]:
        shown = io.StringIO()
        monkeypatch.setattr("pipeline.cli.classify.out", Console(file=shown, force_terminal=True, width=200))
        assert run("classify", "-", "--model", model_folder, stdin=text).code == 0
        return re.findall(r"\x1b\[(?:1;)?4m(.*?)\x1b", shown.getvalue())

    told = "lampu jalan mati sudah seminggu"
    assert "lampu" in underlined(told)
    assert underlined(f"\n\n{told}\n") == underlined(told)


def test_classify_reads_standard_input_and_writes_json(run: Run, model_folder: Path) -> None:
    result = run("classify", "-", "--json", "--model", model_folder, stdin="air PDAM mati tiga hari")
    assert json.loads(result.out)["agencies"][0]["code"] == "pdam"


def test_a_command_that_asks_a_model_asks_the_one_that_the_service_has(
    run: Run, model_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DISPOSISI_MODEL", str(model_folder))
    assert run("classify", "lampu jalan mati").code == 0
    (tmp_path / "aduan.csv").write_text("isi\nlampu jalan mati\n", encoding="utf-8")
    assert run("reclassify", "aduan.csv", "--out", "hasil.csv", "--processes", "1").code == 0
    assert run("teach", "aduan.csv", "--out", "teach.csv").code == 0
    assert "other" in run("classify", "lampu jalan mati", "--model", "other").err
    monkeypatch.setenv("DISPOSISI_REGION", "nowhere")
    assert "'nowhere'" in run("classify", "lampu jalan mati").err
    assert run("classify", "lampu jalan mati", "--region", "kab_bekasi").code == 0


def test_jsonl_tells_half_a_surrogate_as_it_came_passes_over_blank_lines_and_goes_on(
    run: Run, model_folder: Path
) -> None:
    told = [{"id": "\ud800", "text": "lampu mati"}, {"id": "b", "text": "\ud83d"}, {"id": "c", "text": "sampah bau"}]
    result = run("classify", "--jsonl", "--model", model_folder, stdin="\n\n \n".join(map(json.dumps, told)))
    answers = [json.loads(line) for line in result.out.splitlines()]
    assert [(answer["id"], "error" in answer) for answer in answers] == [("\ud800", True), ("b", True), ("c", False)]


def test_jsonl_answers_line_by_line_in_order_and_survives_bad_lines(run: Run, model_folder: Path) -> None:
    lines = [
        '{"id": "a", "text": "lampu jalan mati sudah seminggu"}',
        "{oops",
        '{"id": "c", "text": "😀"}',
        '{"id": 4, "text": "sampah menumpuk bau sekali", "address": "Desa Sukadami"}',
        '{"id": "e", "text": 5}',
        '{"id": 6}',
    ]
    result = run("classify", "--jsonl", "--model", model_folder, stdin="\n".join(lines))
    answers = [json.loads(line) for line in result.out.splitlines()]
    assert [answer["id"] for answer in answers] == ["a", None, "c", "4", "e", "6"]
    assert ["error" in answer for answer in answers] == [False, True, True, False, True, True]
    assert "contains no letter" in answers[2]["error"]
    assert answers[3]["place"]["name"] == "Sukadami"
    assert answers[4]["error"] == '"text" is not text. Write {"text": "…"}.'
    assert answers[5]["error"] == 'The line has no "text". Write {"text": "…"}.', "it may be called otherwise there"
    assert result.code == 3
    assert "4 line(s)" in result.err


def test_an_empty_complaint_is_told_in_one_line(run: Run, model_folder: Path) -> None:
    result = run("classify", "😀😀", "--model", model_folder)
    assert result.code == 2
    assert "contains no letter" in result.err
