"""Dispatchers' urgency labels are learnt, and outweigh the starter corpus."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest

from pipeline.complaint import Complaint, Kind, Level
from pipeline.model import analyse
from pipeline.region import Region
from training.data import Labelled, LabelledData
from training.fit import fit_model, situation_rows, situations_of, starter_rows
from training.message_kinds import kind_of
from training.params import ClassifierParams, Params, StarterParams, UrgencyParams
from training.starter.alarm_rate import as_often_urgent
from training.starter.situations import load_situations
from training.train import TrainingJob, _rows, counted_by_origin

FAST = Params(
    classifier=ClassifierParams(folds=0),
    urgency=UrgencyParams(folds=0),
    starter=StarterParams(rows=400, half_at=20),
)
FADED = "cat zebra cross di depan pasar sudah pudar"


def _judged(level: Level | None) -> LabelledData:
    rows = [Labelled(Complaint(f"{FADED} nomor {n}"), "dishub", level) for n in range(60)]
    return LabelledData(rows=rows)


def test_real_levels_weigh_above_starter_rows_of_their_agency(bekasi: Region) -> None:
    job = TrainingJob(files=(), region="kab_bekasi", params=FAST)
    starter = starter_rows(bekasi, FAST.starter)
    _, urgency = _rows(job, _judged(Level.TINGGI), bekasi, starter)
    assert {row.weight for row in urgency if row.agency == "dishub" and row.problem is None} == {1.0}
    alone = as_often_urgent(starter, bekasi.alarm_shares)
    assert {row.agency for row in alone} >= {"dishub", "dlh"}
    faded = [row.weight * (20 / (20 + 60) if row.agency == "dishub" else 1) for row in alone]
    assert [row.weight for row in urgency if row.problem] == pytest.approx(faded)


def test_real_rows_without_levels_take_nothing_from_the_starter_rows(bekasi: Region) -> None:
    job = TrainingJob(files=(), region="kab_bekasi", params=FAST)
    starter = starter_rows(bekasi, FAST.starter)
    agency, urgency = _rows(job, _judged(None), bekasi, starter)
    assert [row for row in urgency if row.problem] == as_often_urgent(starter, bekasi.alarm_shares)
    assert all(row.weight < 0.3 for row in agency if row.agency == "dishub" and row.problem)
    stated = [situation for situation in load_situations() if situation.urusan]
    assert counted_by_origin(agency, urgency) == {
        "starter_rows": len(starter),
        "written_rows": len(stated),
        "urgency_real_rows": 0,
        "urgency_starter_rows": len(starter),
        "urgency_written_rows": len(load_situations()),
    }


@pytest.mark.slow
def test_a_correction_changes_the_next_model(bekasi: Region) -> None:
    job = TrainingJob(files=(), region="kab_bekasi", params=FAST)
    serious = []
    for level in (None, Level.TINGGI):
        agency, urgency = _rows(job, _judged(level), bekasi, starter_rows(bekasi, FAST.starter))
        model = fit_model(agency, urgency, FAST)
        serious.append(float(model.score([analyse(FADED)]).urgency[0, 2:].sum()))
    assert serious[1] > serious[0] + 0.2


def test_few_levels_of_labels_as_they_are_leave_emergencies_to_the_catalogue() -> None:
    job = TrainingJob(files=(), region="none", params=FAST)
    rows = [Labelled(Complaint(f"aduan nomor {n}"), "A", Level.SEDANG) for n in range(300)]
    data = LabelledData(rows=rows, label_counts=Counter(A=300))
    _, urgency = _rows(job, data, None, None)
    assert {row.urgency for row in urgency} == set(Level)
    assert urgency[:300] == data.rows
    data.rows += [Labelled(Complaint(f"aduan lain {level}"), "A", level) for level in Level]
    _, urgency = _rows(job, data, None, None)
    assert urgency == data.rows


@pytest.mark.parametrize(
    ("problem", "level", "text", "kind"),
    [
        ("bukan-aduan/sapaan", Level.RENDAH, "selamat pagi min", Kind.BUKAN),
        ("perhubungan/pju-padam", Level.SEDANG, "lampu jalan padam", Kind.PENGADUAN),
        ("kesehatan/info-saran-kesehatan", Level.RENDAH, "jam buka puskesmas berapa?", Kind.INFORMASI),
        ("kesehatan/info-saran-kesehatan", Level.RENDAH, "usul senam lansia diadakan lagi", Kind.ASPIRASI),
    ],
)
def test_the_catalogue_tells_kinds_apart(problem: str, level: Level, text: str, kind: Kind) -> None:
    assert kind_of(Labelled(Complaint(text), "x", level, problem)) == kind


def test_written_situations_teach_urgency_and_some_of_them_agencies(bekasi: Region) -> None:
    rows = situation_rows(2.0)
    assert {row.agency for row in rows} == {None}
    assert Counter(row.urgency for row in rows) == {
        Level.DARURAT: 939, Level.TINGGI: 1121, Level.SEDANG: 2441, Level.RENDAH: 537
    }  # fmt: skip
    assert len({row.complaint.text for row in rows}) == len(rows)
    stated = {situation.text: situation.urusan for situation in load_situations() if situation.urusan}
    assert set(stated.values()) <= set(bekasi.catalogue)
    taught = situations_of(bekasi, 2.0)
    weights: dict[str, float] = defaultdict(float)
    for row in taught:
        assert stated[row.complaint.text] in bekasi.agencies[str(row.agency)].urusan
        weights[row.complaint.text] += row.weight
    assert weights == dict.fromkeys(stated, pytest.approx(2.0))
    assert len(taught) > len(stated), "a situation that fits both hospitals is a row for each"
    assert starter_rows(bekasi, FAST.starter, 10)[0].agency
