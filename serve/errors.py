"""The branches of the error tree (pipeline/errors.py) that only a server meets.

::

    DisposisiError
    ├── CrashError                  something went wrong that nobody foresaw
    ├── SettingsError               an environment variable holds what it cannot
    └── StoreError                  the store of complaints cannot be used
        ├── StoreSilentError            the database doesn't answer for now
        ├── NotFoundError               there is no such complaint, user, key
        ├── InvalidInputError           a question or a form cannot be read
        │   └── FormTooLargeError           a form would take too long to read
        ├── OrderError                  a decision asks for something that cannot be
        ├── ConflictError               somebody was faster; nothing was overwritten
        │   ├── ClaimedError                another dispatcher is working on it
        │   ├── SenderConflictError         the sender's identifier stands for another complaint
        │   ├── KeyConflictError            the sender's name for a decision stands for another one
        │   └── NotPossibleNowError         the complaint's status doesn't allow it
        ├── LoginRequiredError          nobody is logged in, no valid key was sent
        ├── ForbiddenError              the role or the key's scope doesn't reach that far
        │   └── ForeignFormError            the form belongs to an earlier login, or to another site
        ├── TooManyRequestsError        too fast, or too many wrong passwords
        └── ReviewListError             a list made by training cannot be read
"""

from __future__ import annotations

from pipeline.errors import DisposisiError


class CrashError(DisposisiError):
    """Something went wrong that nobody foresaw; what it was stands in the log."""

    title = "Kesalahan di dalam sistem"

    def __init__(self) -> None:
        super().__init__(
            "Permintaan ini gagal diproses; yang lain tetap dilayani.",
            mend="Muat ulang; bila terulang, beri tahu admin jam kejadiannya.",
        )


class SettingsError(DisposisiError):
    """An environment variable holds what it cannot."""

    exit_code = 2
    title = "Pengaturan tidak sah"


class StoreError(DisposisiError):
    """The store of complaints cannot be used."""

    exit_code = 6
    status = 503
    title = "Basis data tidak dapat dipakai"

    @property
    def headers(self) -> dict[str, str]:
        """HTTP headers that belong to the answer."""
        return {}


class StoreSilentError(StoreError):
    """The database doesn't answer, or cannot write, for now; what was acknowledged is not lost."""

    @property
    def headers(self) -> dict[str, str]:
        """When it may be tried again."""
        return {"Retry-After": "5"}


class NotFoundError(StoreError):
    """There is no such complaint, user or key."""

    status = 404
    title = "Tidak ditemukan"


class InvalidInputError(StoreError):
    """A query or a form cannot be read: an unknown cursor, a filter that isn't text, too many fields."""

    status = 422
    title = "Isian tidak sah"


class FormTooLargeError(InvalidInputError):
    """A form has more bytes than any has that somebody filled in."""

    status = 413
    title = "Permintaan terlalu besar"


class OrderError(StoreError):
    """A decision asks for something that cannot be: an unknown agency, no reason, parts without text."""

    status = 422
    title = "Keputusan tidak lengkap"


class ConflictError(StoreError):
    """Somebody was faster; nothing was overwritten."""

    status = 409
    title = "Sudah diubah orang lain"


class ClaimedError(ConflictError):
    """Another dispatcher is working on the complaint."""

    title = "Sedang dikerjakan orang lain"


class SenderConflictError(ConflictError):
    """The sender's identifier already stands for a complaint with other content."""

    title = "Nomor pengirim sudah dipakai"


class KeyConflictError(ConflictError):
    """The sender's own name for a decision already stands for another one about the same complaint."""

    title = "Kunci keputusan sudah dipakai"


class NotPossibleNowError(ConflictError):
    """The complaint's status doesn't allow the action."""

    title = "Tidak dapat dilakukan sekarang"


class LoginRequiredError(StoreError):
    """Nobody is logged in and no valid key was sent."""

    exit_code = 7
    status = 401
    title = "Perlu masuk"

    @property
    def headers(self) -> dict[str, str]:
        """Name the way to log in, as RFC 9110 asks of a 401."""
        return {"WWW-Authenticate": 'Bearer realm="disposisi"'}


class ForbiddenError(StoreError):
    """The role, or the key's scope, doesn't reach that far."""

    exit_code = 7
    status = 403
    title = "Tidak berwenang"


class ForeignFormError(ForbiddenError):
    """A form doesn't belong to this login: its page is older than the login or the server, or another site made it."""

    title = "Formulir bukan dari halaman ini"


class TooManyRequestsError(StoreError):
    """Too fast, or too many wrong passwords.

    Parameters
    ----------
    retry_after
        Seconds after which it may be tried again.
    """

    exit_code = 7
    status = 429
    title = "Terlalu sering"

    def __init__(self, what: str, *, mend: str, retry_after: int) -> None:
        super().__init__(what, mend=mend)
        self.retry_after = retry_after

    @property
    def headers(self) -> dict[str, str]:
        """When it may be tried again."""
        return {"Retry-After": str(self.retry_after)}


class ReviewListError(StoreError):
    """A list that training made for people to read cannot be read."""

    title = "Daftar tidak dapat dibaca"
