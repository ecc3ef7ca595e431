"""What a server has freed goes back to the system, and what it has loaded is left in peace."""

from __future__ import annotations

import gc
import os
import platform
import subprocess
import sys

import pytest

from serve.memory import loading

MEGABYTES = 4
# Frees a block and takes another one: does the second come from the system by itself again, or from an arena?
SCRIPT = f"""
import ctypes
from serve.memory import give_back_what_is_freed
give_back_what_is_freed()
class Told(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in
                "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost".split()]
told = ctypes.CDLL(None).mallinfo2
told.restype = Told
block = ctypes.create_string_buffer({MEGABYTES} << 20)
del block
before = told().hblkhd
block = ctypes.create_string_buffer({MEGABYTES} << 20)
print((told().hblkhd - before) >> 20)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="sets glibc's allocator")
@pytest.mark.parametrize(("own", "mapped"), [({}, MEGABYTES), ({"MALLOC_ARENA_MAX": "8"}, 0)])
def test_large_blocks_are_the_systems_again_unless_somebody_says_otherwise(own: dict[str, str], mapped: int) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MALLOC_", "GLIBC_"))}
    told = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=environment | own, capture_output=True, text=True, check=True
    )
    assert int(told.stdout) == mapped


def test_what_is_loaded_is_not_looked_at_again() -> None:
    try:
        with loading():
            assert not gc.isenabled()
            loaded = [Loaded() for _ in range(1000)]
        assert gc.isenabled()
        assert not {id(thing) for thing in loaded} & {id(thing) for thing in gc.get_objects()}
    finally:
        gc.unfreeze()


def test_what_could_not_be_loaded_leaves_everything_as_it_was() -> None:
    before = gc.get_freeze_count()
    with pytest.raises(OSError, match="nothing"), loading():
        raise OSError("nothing")
    assert gc.isenabled()
    assert gc.get_freeze_count() == before


class Loaded:
    """Something that garbage collection looks at."""
