"""Rate limit per API key."""

from __future__ import annotations

import time
from math import ceil
from threading import Lock

from pipeline.numerals import thousands
from serve.errors import TooManyRequestsError

_MINUTE = 60.0


class RateLimit:
    """Token bucket per key, which holds a minute's requests and refills steadily.

    Kept in process memory: with several workers (``--workers``) each allows the whole limit. It bounds the load that
    one sender puts on a process and doesn't account for use; counting in the store would turn every request into a
    write.
    """

    def __init__(self) -> None:
        self._buckets: dict[int, tuple[float, float]] = {}  # by key: requests left, and the time of that count
        self._lock = Lock()

    def take(self, key_id: int, per_minute: int, now: float | None = None) -> None:
        """Take a token for a request.

        Parameters
        ----------
        now
            Monotonic time in seconds; the current time by default.

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
                seconds = ceil((1 - left) * _MINUTE / per_minute)  # rounded up: sooner, it would be refused again
                raise TooManyRequestsError(
                    f"Kunci ini boleh {thousands(per_minute)} permintaan per menit.",
                    mend=f"Coba lagi dalam {seconds} detik.",
                    retry_after=seconds,
                )
            self._buckets[key_id] = (left - 1, now)
