"""Kind of message of a row: as labelled, else by its problem, and for minor matters by its words."""

from __future__ import annotations

import pytest

from pipeline.complaint import Complaint, Kind, Level
from training.data import Labelled
from training.message_kinds import kind_of

LAMP = "Lampu jalan di depan pasar redup"
ASKS = "Bagaimana cara mengurus akta"
WISHES = "Sebaiknya taman diberi bangku"
THANKS = "Terima kasih, lampunya sudah terang"


@pytest.mark.parametrize(
    ("text", "problem", "kind"),
    [
        (LAMP, "perhubungan/pju-redup", Kind.PENGADUAN),
        (ASKS, "kependudukan/akta", Kind.INFORMASI),
        ("Akta lahir sudah jadi?", "kependudukan/akta", Kind.INFORMASI),
        (WISHES, "taman/bangku", Kind.ASPIRASI),
        (f"{WISHES}? ", "taman/bangku", Kind.INFORMASI),  # a question about it is no wish
        (THANKS, "perhubungan/pju-redup", Kind.BUKAN),
        (f"{THANKS}. Kapan gang sebelah?", "perhubungan/pju-redup", Kind.INFORMASI),
        (LAMP, "perhubungan/usul-pju", Kind.ASPIRASI),
        (ASKS, "kependudukan/usul-akta", Kind.ASPIRASI),
        (LAMP, "perhubungan/pju-usul", Kind.ASPIRASI),
        (ASKS, "kependudukan/akta-usul", Kind.INFORMASI),
        (LAMP, "bukan-aduan/salam", Kind.BUKAN),
    ],
)
def test_of_small_matters_the_words_tell_complaints_questions_wishes_and_thanks_apart(
    text: str, problem: str, kind: Kind
) -> None:
    assert kind_of(Labelled(Complaint(text), "dishub", Level.RENDAH, problem)) == kind


@pytest.mark.parametrize("text", [ASKS, WISHES, THANKS])
@pytest.mark.parametrize("urgency", [Level.SEDANG, Level.TINGGI, Level.DARURAT])
def test_what_is_urgent_is_a_complaint_however_it_is_put(text: str, urgency: Level) -> None:
    assert kind_of(Labelled(Complaint(text), "dishub", urgency, "perhubungan/pju-mati")) == Kind.PENGADUAN


def test_a_kind_that_a_row_tells_is_taken_and_without_a_problem_none_is_known() -> None:
    row = Labelled(Complaint(ASKS), "dishub", Level.RENDAH, "kependudukan/akta", kind=Kind.PENGADUAN)
    assert kind_of(row) == Kind.PENGADUAN
    assert kind_of(Labelled(Complaint(ASKS), "dishub", Level.RENDAH)) == ""
