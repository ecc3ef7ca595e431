"""Loading while requests are answered: threads switch quickly, and loaded objects are exempt from collection."""

from __future__ import annotations

import gc
import sys

import pytest

from serve.loading import loading


def test_what_is_loaded_is_not_looked_at_again() -> None:
    turn = sys.getswitchinterval()
    try:
        with loading():
            assert not gc.isenabled()
            assert sys.getswitchinterval() < turn
            loaded = [Loaded() for _ in range(1000)]
        assert gc.isenabled()
        assert sys.getswitchinterval() == turn
        assert not {id(thing) for thing in loaded} & {id(thing) for thing in gc.get_objects()}
    finally:
        gc.unfreeze()


def test_what_could_not_be_loaded_leaves_everything_as_it_was() -> None:
    before, turn = gc.get_freeze_count(), sys.getswitchinterval()
    with pytest.raises(OSError, match="nothing"), loading():
        raise OSError("nothing")
    assert gc.isenabled()
    assert (gc.get_freeze_count(), sys.getswitchinterval()) == (before, turn)


class Loaded:
    """An object tracked by garbage collection."""
