from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import BoundedSemaphore, Event

import pytest
from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from serve.errors import LoginRequiredError, NotFoundError, OrderError, TooManyRequestsError
from serve.store import accounts, keys, logins, passwords, unknown_users
from serve.store.accounts import Role, Scope
from serve.store.database import Database
from tests.serve.store.acts import NOW
from tests.serve.store.locks import wait_for_a_waiting_one

PASSWORD = "empat kata yang acak"  # noqa: S105


@pytest.fixture
def ani(database: Database) -> Database:
    with database.writing() as session:
        accounts.add_user(session, "ani", PASSWORD, full_name="Ani", role=Role.PETUGAS, now=NOW)
    return database


def _try(database: Database, password: str, now: dt.datetime, name: str = "ani") -> bool:
    tried = passwords.attempt(database, name, password, now)
    with database.writing() as session:
        return passwords.authenticate(session, tried, now) is not None


def test_the_right_password_opens_and_nothing_else_does(ani: Database) -> None:
    assert _try(ani, PASSWORD, NOW)
    assert _try(ani, PASSWORD, NOW, name=" Ani ")
    assert not _try(ani, "salah", NOW)
    assert not _try(ani, PASSWORD, NOW, name="budi")
    assert not _try(ani, "x" * 100_000, NOW)


def test_wrong_passwords_lock_for_longer_and_longer_and_the_right_one_frees(ani: Database) -> None:
    now, waits = NOW, []
    for _ in range(passwords.FREE_TRIES - 1):
        assert not _try(ani, "salah", now)
    for _ in range(12):
        assert not _try(ani, "salah", now)
        with pytest.raises(TooManyRequestsError) as locked:
            _try(ani, PASSWORD, now)
        waits.append(locked.value.retry_after)
        now += dt.timedelta(seconds=locked.value.retry_after)
    assert waits[:4] == [2, 4, 8, 16]
    assert waits[-1] == 15 * 60
    assert _try(ani, PASSWORD, now)
    assert not _try(ani, "salah", now)
    assert _try(ani, PASSWORD, now)


def test_a_lock_is_over_when_it_is_told_to_be(ani: Database) -> None:
    for _ in range(passwords.FREE_TRIES):
        assert not _try(ani, "salah", NOW)
    later = NOW + dt.timedelta(seconds=0.7)
    with pytest.raises(TooManyRequestsError) as locked:
        _try(ani, PASSWORD, later)
    assert _try(ani, PASSWORD, later + dt.timedelta(seconds=locked.value.retry_after))


def test_a_lock_does_not_tell_which_names_exist(ani: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with ani.writing() as session:
        accounts.add_user(session, "gone", PASSWORD, full_name="Gone", role=Role.PETUGAS, now=NOW)
        accounts.disable_user(session, "gone", NOW)

    def told(name: str) -> list[int | bool]:
        waits: list[int | bool] = []
        now = NOW
        for _ in range(passwords.FREE_TRIES + 3):
            try:
                waits.append(_try(ani, "salah", now, name))
            except TooManyRequestsError as locked:
                waits.append(locked.retry_after)
                now += dt.timedelta(seconds=locked.retry_after)
        return waits

    assert told("ani") == told("nobody") == told("gone") == [False] * 4 + [2, False, 4]
    monkeypatch.setattr(unknown_users, "MOST_NAMES", 2)
    for name in ("a", "b", "c"):
        _try(ani, "salah", NOW, name)
    assert told("nobody")[:4] == [False] * 4  # the number of remembered names is limited


def test_a_password_that_is_being_checked_keeps_nobody_from_writing(
    ani: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Interrupted(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]  # noqa: A002
            with ani.writing() as session:  # another complaint arrives meanwhile
                keys.add_key(session, f"bot{len(keys.keys(session))}", [Scope.INTAKE], now=NOW)
            return super().verify(hash, password)

    monkeypatch.setattr(passwords, "_hasher", Interrupted(time_cost=1, memory_cost=8, parallelism=1))
    for name in ("ani", "nobody"):
        with pytest.raises(LoginRequiredError):
            logins.log_in(ani, name, "salah", NOW)
    with ani.reading() as session:
        assert accounts.user_named(session, "ani").failed_logins == 1
        assert len(keys.keys(session)) == 2


@pytest.mark.parametrize("full", ["_room", "_places"])
def test_more_passwords_at_once_than_may_be_are_told_to_come_again(
    ani: Database, monkeypatch: pytest.MonkeyPatch, full: str
) -> None:
    places = BoundedSemaphore(1)
    monkeypatch.setattr(passwords, full, places)
    monkeypatch.setattr(passwords, "WAIT_SECONDS", 0.01)
    with places, pytest.raises(TooManyRequestsError) as refused:
        passwords.attempt(ani, "ani", PASSWORD, NOW)
    assert refused.value.retry_after == passwords.RETRY_SECONDS
    assert all(_try(ani, password, NOW) is (password == PASSWORD) for password in ("salah", PASSWORD))


def test_whoever_has_the_password_gets_in_while_others_try_names_without_end(
    ani: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Slow(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]  # noqa: A002
            time.sleep(0.02)
            return super().verify(hash, password)

    monkeypatch.setattr(passwords, "_hasher", Slow(time_cost=1, memory_cost=8, parallelism=1))
    ended, numbers = Event(), count()

    def guess() -> None:
        while not ended.is_set():
            assert not _try(ani, PASSWORD, NOW, name=f"budi{next(numbers)}")

    with ThreadPoolExecutor() as pool:
        guessing = [pool.submit(guess) for _ in range(passwords.CHECKED_AT_ONCE + 1)]
        try:
            assert all(_try(ani, PASSWORD, NOW) for _ in range(10))
        finally:
            ended.set()
        for guesses in guessing:
            guesses.result()


def test_what_happens_while_a_password_is_checked_counts(ani: Database) -> None:
    guesses = [passwords.attempt(ani, "ani", PASSWORD, NOW) for _ in range(2)]
    for _ in range(passwords.FREE_TRIES):
        _try(ani, "salah", NOW)
    with pytest.raises(TooManyRequestsError), ani.writing() as session:
        passwords.authenticate(session, guesses[0], NOW)
    with ani.writing() as session:
        accounts.set_password(session, "ani", PASSWORD + "!")
        assert passwords.authenticate(session, guesses[1], NOW) is None


def test_nobody_stays_locked_out_or_logged_in_by_a_clock_that_ran_ahead(ani: Database) -> None:
    ahead = NOW + dt.timedelta(days=400)
    with ani.writing() as session:
        login = logins.begin(session, accounts.user_named(session, "ani"), ahead)
    for _ in range(passwords.FREE_TRIES):
        assert not _try(ani, "salah", ahead)
    with pytest.raises(TooManyRequestsError):
        _try(ani, PASSWORD, ahead)
    assert _try(ani, PASSWORD, NOW)
    with ani.reading() as session:
        assert logins.find(session, login.token, NOW) is None
        assert logins.find(session, login.token, ahead - dt.timedelta(minutes=5)) is not None


def test_a_new_password_ends_all_logins(ani: Database) -> None:
    with ani.writing() as session:
        login = logins.begin(session, accounts.user_named(session, "ani"), NOW)
    with ani.reading() as session:
        found = logins.find(session, login.token, NOW)
        assert found is not None
        assert found[0].name == "ani"
        assert logins.find(session, login.token, NOW + logins.LOGIN_TIME) is None
    with ani.writing() as session:
        accounts.set_password(session, "ani", PASSWORD + "!")
    with ani.reading() as session:
        assert logins.find(session, login.token, NOW) is None
    assert _try(ani, PASSWORD + "!", NOW)


def test_a_disabled_person_cannot_log_in(ani: Database) -> None:
    with ani.writing() as session:
        accounts.disable_user(session, "ani", NOW)
        assert accounts.accounts_exist(session), "otherwise everybody would have access"
    assert not _try(ani, PASSWORD, NOW)


@pytest.mark.parametrize(
    ("name", "password"), [("ani", PASSWORD), ("Budi", PASSWORD), ("", PASSWORD), ("b d", PASSWORD), ("budi", "pendek")]
)
def test_bad_names_and_passwords_are_refused(ani: Database, name: str, password: str) -> None:
    with pytest.raises(OrderError), ani.writing() as session:
        accounts.add_user(session, name, password, full_name="", role=Role.PETUGAS, now=NOW)


@pytest.mark.parametrize("name", ["", " ", "k" * 65, "bot\0", "bot\x1b[31m"])
def test_a_key_whose_name_could_not_stand_on_record_is_refused(database: Database, name: str) -> None:
    with pytest.raises(OrderError), database.writing() as session:
        keys.add_key(session, name, [Scope.INTAKE], now=NOW)


@pytest.mark.parametrize(("full_name", "shown"), [("", "ani"), (" ", "ani"), (" Ani Lestari ", "Ani Lestari")])
def test_who_gives_no_full_name_is_called_by_the_user_name(database: Database, full_name: str, shown: str) -> None:
    with database.writing() as session:
        accounts.add_user(session, "ani", PASSWORD, full_name=full_name, role=Role.PETUGAS, now=NOW)
        assert accounts.user_named(session, "ani").full_name == shown


@pytest.mark.parametrize("full_name", ["a" * 201, "Ani\0"])
def test_a_full_name_that_not_every_database_holds_is_refused(database: Database, full_name: str) -> None:
    with pytest.raises(OrderError), database.writing() as session:
        accounts.add_user(session, "ani", PASSWORD, full_name=full_name, role=Role.PETUGAS, now=NOW)


def test_a_limit_that_not_every_database_holds_is_refused(database: Database) -> None:
    with pytest.raises(OrderError), database.writing() as session:
        keys.add_key(session, "bot", [Scope.INTAKE], now=NOW, per_minute=2**31)


def test_keys_are_found_by_their_secret_until_revoked(database: Database) -> None:
    with database.writing() as session:
        key = keys.add_key(session, "bot", [Scope.INTAKE, Scope.READ], now=NOW)
        with pytest.raises(OrderError):
            keys.add_key(session, "bot", [Scope.READ], now=NOW)
    with database.writing() as session:
        found = keys.find_key(session, key)
        assert found is not None
        assert found.scopes == ["intake", "read"]
        assert keys.find_key(session, key + "x") is None
        keys.revoke_key(session, "bot", NOW)
        assert keys.find_key(session, key) is None
        with pytest.raises(NotFoundError):
            keys.revoke_key(session, "tidak-ada", NOW)


def _add_user(session: Session) -> None:
    accounts.add_user(session, "budi", PASSWORD, full_name="Budi", role=Role.PETUGAS, now=NOW)


def _add_key(session: Session) -> None:
    keys.add_key(session, "bot", [Scope.INTAKE], now=NOW)


@pytest.mark.parametrize("add", [_add_user, _add_key])
def test_of_two_who_give_one_name_in_the_same_instant_the_later_is_told_as_if_the_other_were_long_done(
    database: Database, add: Callable[[Session], None]
) -> None:
    def second() -> None:
        with database.writing() as session:
            add(session)

    with ThreadPoolExecutor() as pool:
        with database.writing() as session:
            add(session)
            later = pool.submit(second)
            wait_for_a_waiting_one(database)
        with pytest.raises(OrderError) as told:
            later.result()
    with pytest.raises(OrderError) as long_after:
        second()
    assert (str(told.value), told.value.english) == (str(long_after.value), long_after.value.english)


def test_only_an_admin_administers_and_an_analyst_does_not_decide() -> None:
    assert [role for role in Role if Scope.ADMIN in role.scopes] == [Role.ADMIN]
    assert Scope.DECIDE not in Role.ANALIS.scopes


def test_of_many_names_that_nobody_has_the_one_not_tried_for_longest_is_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(unknown_users, "MOST_NAMES", 2)
    known = unknown_users.UnknownUsers()
    for name in ("a", "b", "a", "c"):
        known.keep(name, unknown_users.Tries(known.of(name).failed + 1))
    assert [known.of(name).failed for name in ("a", "b", "c")] == [2, 0, 1]
