"""How many requests a key may make."""

from __future__ import annotations

import time
from math import ceil
from threading import Lock

from pipeline.numerals import thousands
from serve.errors import TooManyRequestsError

_MINUTE = 60.0


class RateLimit:
    """A bucket per key that holds a minute's requests and fills steadily.

    Kept in the process: of several (``--workers``) each allows the whole limit. It bounds what one
    sender can do to a process and isn't an account of use; counting in the store would make every request a writer.
    """

    def __init__(self) -> None:
        self._buckets: dict[int, tuple[float, float]] = {}  # by key: requests left, and when that was
        self._lock = Lock()

    def take(self, key_id: int, per_minute: int, now: float | None = None) -> None:
        """Count a request.

        Parameters
        ----------
        now
            Seconds of a monotonic clock.

        Raises
        ------
        TooManyRequestsError
            If the bucket is empty.
        """
        now = time.monotonic() if now is None else now
        with self._lock:
            left, since = self._buckets.get(key_id, (float(per_minute), now))
            left = min(per_minute, left + (now - since) * per_minute / _MINUTE)
            if left < 1:
                self._buckets[key_id] = (left, now)
                seconds = ceil((1 - left) * _MINUTE / per_minute)  # sooner it would be refused again
                raise TooManyRequestsError(
                    f"Kunci ini boleh {thousands(per_minute)} permintaan per menit.",
                    mend=f"Coba lagi dalam {seconds} detik.",
                    retry_after=seconds,
                )
            self._buckets[key_id] = (left - 1, now)
