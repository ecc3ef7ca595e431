"""Memory freed by a server is returned to the system."""

from __future__ import annotations

import os
import platform
import subprocess
import sys

import pytest

MEGABYTES = 4
# Frees a block and allocates another: is the second mapped separately again, or taken from an arena?
SCRIPT = f"""
import ctypes
from serve.memory import return_freed_memory
return_freed_memory()
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


# Allocates three times as many objects as a server caches words, since Python 3.13 collects less often than 3.11.
# How often is the oldest generation collected?
REMEMBERING = """
import gc
from serve.memory import delay_full_collections
{call}
before = gc.get_stats()[2]["collections"]
remembered = [[] for _ in range(600_000)]
print(gc.get_stats()[2]["collections"] - before)
"""


@pytest.mark.parametrize(("call", "pauses"), [("", True), ("delay_full_collections()", False)])
def test_what_a_server_remembers_is_not_looked_through_again_and_again(call: str, pauses: bool) -> None:
    script = REMEMBERING.format(call=call)
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert bool(int(told.stdout)) is pauses
