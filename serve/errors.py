"""Server-side errors: the part of the error tree (pipeline/errors.py) that only ``serve`` raises.

::

    DisposisiError
    ├── InternalError               an unexpected error
    ├── SettingsError               an environment variable has an invalid value
    └── StoreError                  the store of complaints cannot be used
        ├── StoreUnavailableError       the database is temporarily unavailable
        ├── NotFoundError               no such complaint, user or key
        ├── InvalidInputError           a query or a form is invalid
        │   └── FormTooLargeError           a form is too large
        ├── OrderError                  a decision is incomplete or impossible
        ├── ConflictError               the order conflicts with what is stored; nothing was overwritten
        │   ├── ClaimedError                another dispatcher is working on the complaint
        │   ├── SenderConflictError         the sender's identifier belongs to another complaint
        │   ├── KeyConflictError            the idempotency key was used for another decision
        │   └── NotPossibleNowError         the complaint's status doesn't allow the action
        ├── LoginRequiredError          not logged in, and no valid key was sent
        ├── ForbiddenError              the role or the key lacks the scope
        │   └── ForeignFormError            the form belongs to an earlier login, or to another site
        ├── TooManyRequestsError        rate limit exceeded, or too many wrong passwords
        └── ReviewListError             a list made by training cannot be read
"""

from __future__ import annotations

from pipeline.errors import DisposisiError


class InternalError(DisposisiError):
    """An unexpected error; the log has the details."""

    title = "Kesalahan di dalam sistem"

    def __init__(self) -> None:
        super().__init__(
            "Permintaan ini gagal diproses; yang lain tetap dilayani.",
            mend="Muat ulang; bila terulang, beri tahu admin jam kejadiannya.",
        )


class SettingsError(DisposisiError):
    """An environment variable has an invalid value."""

    exit_code = 2
    title = "Pengaturan tidak sah"


class StoreError(DisposisiError):
    """The store of complaints cannot be used."""

    exit_code = 6
    status = 503
    title = "Basis data tidak dapat dipakai"

    @property
    def headers(self) -> dict[str, str]:
        """HTTP headers to send with the response."""
        return {}


class StoreUnavailableError(StoreError):
    """The database temporarily doesn't answer, or cannot write; what was acknowledged is not lost."""

    @property
    def headers(self) -> dict[str, str]:
        """``Retry-After``, in seconds."""
        return {"Retry-After": "5"}


class NotFoundError(StoreError):
    """No such complaint, user or key."""

    status = 404
    title = "Tidak ditemukan"


class InvalidInputError(StoreError):
    """A query or a form is invalid: an unknown cursor, a filter that isn't text, too many fields."""

    status = 422
    title = "Isian tidak sah"


class FormTooLargeError(InvalidInputError):
    """A form has more bytes than any form filled in by a person."""

    status = 413
    title = "Permintaan terlalu besar"


class OrderError(StoreError):
    """A decision is incomplete or impossible: an unknown agency, no reason, parts without text."""

    status = 422
    title = "Keputusan tidak lengkap"


class ConflictError(StoreError):
    """The complaint has changed since it was read, by somebody else or in another tab; nothing was overwritten."""

    status = 409
    title = "Aduan sudah berubah"


class ClaimedError(ConflictError):
    """Another dispatcher is working on the complaint."""

    title = "Sedang dikerjakan orang lain"


class SenderConflictError(ConflictError):
    """The sender's identifier already belongs to a complaint with different content."""

    title = "Nomor pengirim sudah dipakai aduan lain"


class KeyConflictError(ConflictError):
    """The idempotency key was already used for another decision on the same complaint."""

    title = "Sudah dipakai untuk keputusan lain"  # the key of a client, or at the desk the page


class NotPossibleNowError(ConflictError):
    """The complaint's status doesn't allow the action."""

    title = "Tidak dapat dilakukan sekarang"


class LoginRequiredError(StoreError):
    """The sender isn't logged in and sent no valid key."""

    exit_code = 7
    status = 401
    title = "Perlu masuk"

    @property
    def headers(self) -> dict[str, str]:
        """``WWW-Authenticate``, which RFC 9110 requires of a 401."""
        return {"WWW-Authenticate": 'Bearer realm="disposisi"'}


class ForbiddenError(StoreError):
    """The role or the key lacks the scope."""

    exit_code = 7
    status = 403
    title = "Tidak berwenang"


class ForeignFormError(ForbiddenError):
    """A form's CSRF token isn't this login's: the page predates the login or the server, or another site made it."""

    title = "Formulir bukan dari halaman ini"


class TooManyRequestsError(StoreError):
    """Rate limit exceeded, or too many wrong passwords.

    Parameters
    ----------
    retry_after
        Seconds to wait before trying again.
    """

    exit_code = 7
    status = 429
    title = "Terlalu sering"

    def __init__(self, what: str, *, mend: str, retry_after: int) -> None:
        super().__init__(what, mend=mend)
        self.retry_after = retry_after

    @property
    def headers(self) -> dict[str, str]:
        """``Retry-After``, in seconds."""
        return {"Retry-After": str(self.retry_after)}


class ReviewListError(StoreError):
    """A review list written by training cannot be read."""

    title = "Daftar tidak dapat dibaca"
