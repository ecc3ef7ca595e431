"""Every error a user can meet, as one tree.

::

    DisposisiError
    ├── ComplaintError          one complaint cannot be used: its text or its other data
    │   ├── EmptyComplaintError     no letter in it
    │   └── ComplaintTooLongError   longer than the limit
    ├── DataError               a file of complaints cannot be read
    ├── BatchError              a batch run cannot go on; what is finished is kept
    │   ├── ChangedInputError       the input, the model or the options aren't those the run began with
    │   └── DatabaseError           the database cannot be reached, or answered with an error
    ├── RegionError             a region folder is missing or has mistakes
    ├── SigningKeyError         a key that signs models cannot be used, or would be overwritten
    └── ModelError              a model folder cannot be used
        ├── ModelNotFoundError      there is none
        ├── TamperedModelError      a file isn't the one that was saved
        ├── UntrustedModelError     signed by nobody who is trusted here
        ├── ModelSchemaError        made with a version of Disposisi or of scikit-learn that cannot be read here
        ├── ModelRegionError        trained for another region
        └── PromotionError          it may not become champion, or there is none to go back to

The command line prints ``str(error)`` in one line and ends with ``exit_code``; the API answers with ``status`` and a
problem document with the same text. No message ever contains a complaint's text.
"""

from __future__ import annotations

import copyreg
from typing import Any, ClassVar


class DisposisiError(Exception):
    """What went wrong, where, and how to mend it, in one line.

    Parameters
    ----------
    what
        What was wrong, with the value and where it was found.
    mend
        What the reader can do about it.
    english
        Both in English, for the command line, where a dispatcher meets the error too and it is written in Indonesian.

    Attributes
    ----------
    english : str
        The line that the command line tells.
    """

    exit_code: ClassVar[int] = 1
    status: ClassVar[int] = 500
    title: ClassVar[str] = "Kesalahan"

    def __init__(self, what: str, *, mend: str, english: str = "") -> None:
        super().__init__(f"{what} {mend}")
        self.what = what
        self.mend = mend
        self.english = english or str(self)

    def __reduce__(self) -> tuple[Any, ...]:
        # By default an exception is unpickled by calling its class with the message only, which these don't accept.
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]


class ComplaintError(DisposisiError):
    """One complaint cannot be used: its text or its other data."""

    exit_code = 2
    status = 422
    title = "Aduan tidak dapat dipakai"


class EmptyComplaintError(ComplaintError):
    """There is no letter in the text."""

    title = "Teks aduan kosong"


class ComplaintTooLongError(ComplaintError):
    """The text is longer than the limit."""

    status = 413
    title = "Teks aduan terlalu panjang"


class DataError(DisposisiError):
    """A file of complaints cannot be read."""

    exit_code = 3
    status = 422
    title = "Berkas data tidak dapat dibaca"


class BatchError(DisposisiError):
    """A batch run cannot go on; what is finished is kept."""

    exit_code = 10
    title = "Pekerjaan massal terhenti"


class ChangedInputError(BatchError):
    """The input, the model or the options aren't those that the run began with."""


class DatabaseError(BatchError):
    """The database cannot be reached, or answered with an error."""


class RegionError(DisposisiError):
    """A region folder is missing or has mistakes."""

    exit_code = 4
    title = "Data wilayah bermasalah"


class SigningKeyError(DisposisiError):
    """A key that signs models cannot be used, or would be overwritten."""

    exit_code = 9
    title = "Kunci tanda tangan bermasalah"


class ModelError(DisposisiError):
    """A model folder cannot be used."""

    exit_code = 5
    status = 503
    title = "Model tidak dapat dipakai"


class ModelNotFoundError(ModelError):
    """There is no model in the folder."""


class TamperedModelError(ModelError):
    """A file of the model isn't the one that was saved; it was not opened."""


class UntrustedModelError(ModelError):
    """The model isn't signed by a key that is trusted here, or the list of trusted keys cannot be used."""


class ModelSchemaError(ModelError):
    """The model was made with a version of Disposisi or of scikit-learn whose models cannot be read here."""


class ModelRegionError(ModelError):
    """The model was trained for another region than the one asked for."""


class PromotionError(ModelError):
    """The model may not become champion, or there is none to go back to."""

    exit_code = 6
    status = 409
