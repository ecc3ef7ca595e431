"""Review page (*Periksa*): decisions that a model doubts, with its reasons; judgements go on record as decisions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from pipeline.complaint import Complaint
from serve.api.dependencies import Now, Store
from serve.api.whole_number import WholeNumber
from serve.desk import form_actions, wording
from serve.desk.desk import Desk, TheDesk
from serve.desk.entries import done
from serve.desk.error_pages import DeskRoute
from serve.desk.form_orders import seen
from serve.desk.forms import SentForm, form_key
from serve.desk.highlights import Piece, marked
from serve.desk.html import page
from serve.desk.viewers import changer, viewer
from serve.identity import Identity, check_visible, readable
from serve.store.accounts import Scope
from serve.store.display_names import called
from serve.store.review import Doubtful, doubtful

pages = APIRouter(include_in_schema=False, route_class=DeskRoute)
SHOWN = 20

Reviewer = Annotated[Identity, Depends(viewer(Scope.REVIEW))]
Judge = Annotated[Identity, Depends(changer(Scope.REVIEW))]


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two agencies, with marked text and probability, ``None`` if it isn't among the model's suggestions."""

    code: str
    name: str
    probability: float | None
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A doubted decision as the page shows it."""

    id: int
    version: int
    received: str
    decided: str
    by: str
    believable: float
    given: Side
    likely: Side
    key: str


@pages.get("/periksa", response_class=HTMLResponse)
def review(request: Request, reviewer: Reviewer, store: Store, desk: TheDesk, now: Now) -> HTMLResponse:
    """List the most doubtful decisions."""
    doubts = desk.review.doubts()
    with readable(store, reviewer) as session:
        listed = doubtful(session, doubts, SHOWN)
        names = called(session, (one.decision.by for one in listed))
        context = {
            "items": [_shown(desk, one, names[one.decision.by], now) for one in listed],
            "listed": len(doubts),
            "offices": desk.offices,
            "done": done(session, desk, request.query_params.getlist("batal"), reviewer.name),
        }
    return page(request, "review.html", context)


@pages.post("/periksa/batal")
def take_back(form: SentForm, judge: Judge, store: Store, desk: TheDesk, now: Now) -> RedirectResponse:
    """Undo a judgement; needs the scope to review, not to decide."""
    check_visible(store, judge, *(number for number, _ in seen(form)))
    with store.writing() as session:
        taken_back = form_actions.undo_relabel(session, desk, form, by=judge.name, now=now)
    return RedirectResponse(f"/periksa?{urlencode({'batal': taken_back}, doseq=True)}", status_code=303)


@pages.post("/periksa/{number}")  # declared last: it would match the paths above
def judge(number: WholeNumber, form: SentForm, judge: Judge, store: Store, desk: TheDesk, now: Now) -> RedirectResponse:
    """Put on record which agency would have been right, and show the remaining decisions."""
    check_visible(store, judge, number)
    with store.writing() as session:
        outcome = form_actions.relabel(session, desk, number, form, by=judge.name, now=now)
    return RedirectResponse(f"/periksa?batal={outcome.undo[0]}", status_code=303)


def _shown(desk: Desk, one: Doubtful, by: str, now: dt.datetime) -> Shown:
    complaint = one.complaint
    source = Complaint(complaint.text, address=complaint.address)
    probabilities = {score.code: score.probability for score in desk.suggester.router.suggest(source).agencies}

    def side(code: str) -> Side:
        words = desk.suggester.router.words_for(source, code)
        pieces = tuple(marked(complaint.text, words, None))
        return Side(code, desk.offices.name(code), probabilities.get(code), pieces)

    return Shown(
        id=complaint.id,
        version=complaint.version,
        received=wording.ago(complaint.received_at, now),
        decided=wording.short(one.decision.at, desk.calendar.zone, now),
        by=by,
        believable=one.doubt.believable,
        given=side(one.doubt.given),
        likely=side(one.doubt.likely),
        key=form_key(),
    )
