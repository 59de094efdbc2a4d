"""Asks an X server what is held down on it, through its own library."""

import ctypes
import ctypes.util
from typing import Any


def held_down(display: str) -> tuple[int, int]:
    """Return how many keys are down, and the mask of buttons that are (button 1 is bit 0)."""
    library = ctypes.CDLL(ctypes.util.find_library("X11") or "libX11.so.6")
    library.XOpenDisplay.restype = ctypes.c_void_p
    library.XDefaultRootWindow.restype = ctypes.c_ulong
    opened: Any = ctypes.c_void_p(library.XOpenDisplay(display.encode()))
    assert opened.value, f"no display {display}"
    keys = ctypes.create_string_buffer(32)
    library.XQueryKeymap(opened, keys)
    root = ctypes.c_ulong(library.XDefaultRootWindow(opened))
    found = [ctypes.c_ulong(), ctypes.c_ulong(), *(ctypes.c_int() for _ in range(4))]
    mask = ctypes.c_uint()
    library.XQueryPointer(opened, root, *map(ctypes.byref, found), ctypes.byref(mask))
    library.XCloseDisplay(opened)
    return sum(byte.bit_count() for byte in keys.raw), mask.value >> 8
