"""X11 through libX11: chords by XGrabKey, focus by EWMH `_NET_ACTIVE_WINDOW`.

Two connections to the display: one whose thread waits for chords, one for questions, so
that neither waits for the other. Sources: Xlib manual (XGrabKey), EWMH 1.5
(`_NET_ACTIVE_WINDOW`), ICCCM 2.8 (`_NET_WM_CM_Sn` manager selection).
"""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import select
import threading
from collections.abc import Callable
from typing import Any

_CONTROL, _ALT, _SHIFT = 1 << 2, 1 << 3, 1 << 0
_LOCK, _NUM_LOCK = 1 << 1, 1 << 4
_IGNORED = (0, _LOCK, _NUM_LOCK, _LOCK | _NUM_LOCK)
"""A chord works with Caps Lock and Num Lock on or off."""
_MODIFIERS = {"Ctrl": _CONTROL, "Alt": _ALT, "Shift": _SHIFT}
_ASYNC = 1
_KEY_PRESS = 2
_CLIENT_MESSAGE = 33
_ANY_PROPERTY = 0
_SUBSTRUCTURE = (1 << 19) | (1 << 20)
_FROM_PAGER = 2
"""EWMH: the request comes from the user and not from a program."""
_EVENT_LONGS = 24
"""XEvent is a union padded to 24 longs."""


class _KeyEvent(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("window", ctypes.c_ulong),
        ("root", ctypes.c_ulong),
        ("subwindow", ctypes.c_ulong),
        ("time", ctypes.c_ulong),
        ("x", ctypes.c_int),
        ("y", ctypes.c_int),
        ("x_root", ctypes.c_int),
        ("y_root", ctypes.c_int),
        ("state", ctypes.c_uint),
        ("keycode", ctypes.c_uint),
        ("same_screen", ctypes.c_int),
    )


class _ClientMessage(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("window", ctypes.c_ulong),
        ("message_type", ctypes.c_ulong),
        ("format", ctypes.c_int),
        ("data", ctypes.c_long * 5),
    )


class _Event(ctypes.Union):
    _fields_ = (
        ("type", ctypes.c_int),
        ("key", _KeyEvent),
        ("client", _ClientMessage),
        ("pad", ctypes.c_long * _EVENT_LONGS),
    )


_ErrorHandler = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)


_errors: list[int] = []
"""Errors since somebody looked; the default handler would end the program."""


def _note_error(_display: object, _error: object) -> int:
    """A window that is gone, or a chord that another program holds."""
    _errors.append(1)
    return 0


_error_handler = _ErrorHandler(_note_error)


def _load() -> Any:  # noqa: ANN401  a ctypes library has no type of its own
    name = ctypes.util.find_library("X11")
    if name is None:
        return None
    library = ctypes.CDLL(name)
    library.XInitThreads()
    pointer, long = ctypes.c_void_p, ctypes.c_ulong
    library.XOpenDisplay.restype = pointer
    library.XDefaultRootWindow.restype = long
    library.XInternAtom.restype = long
    library.XStringToKeysym.restype = long
    library.XKeysymToKeycode.restype = ctypes.c_ubyte
    library.XGetSelectionOwner.restype = long
    library.XInternAtom.argtypes = [pointer, ctypes.c_char_p, ctypes.c_int]
    library.XKeysymToKeycode.argtypes = [pointer, long]
    library.XGetSelectionOwner.argtypes = [pointer, long]
    for function in ("XDefaultRootWindow", "XCloseDisplay", "XConnectionNumber", "XPending"):
        getattr(library, function).argtypes = [pointer]
    library.XFlush.argtypes = [pointer]
    library.XSync.argtypes = [pointer, ctypes.c_int]
    library.XNextEvent.argtypes = [pointer, pointer]
    library.XGrabKey.argtypes = [
        pointer, ctypes.c_int, ctypes.c_uint, long, ctypes.c_int, ctypes.c_int, ctypes.c_int,
    ]  # fmt: skip
    library.XSendEvent.argtypes = [pointer, long, ctypes.c_int, ctypes.c_long, pointer]
    library.XSetInputFocus.argtypes = [pointer, long, ctypes.c_int, long]
    library.XGetInputFocus.argtypes = [pointer, pointer, pointer]
    library.XGetWindowProperty.argtypes = [
        pointer, long, long, ctypes.c_long, ctypes.c_long, ctypes.c_int, long,
        pointer, pointer, pointer, pointer, pointer,
    ]  # fmt: skip
    library.XFree.argtypes = [pointer]
    return library


class X11Desktop:
    """The X server of `$DISPLAY`; see `crmdesk.gui.platform.Desktop`."""

    def __init__(self, library: Any, display: int) -> None:  # noqa: ANN401
        self._x = library
        self._display = display
        self._root = library.XDefaultRootWindow(display)
        self._active_atom = library.XInternAtom(display, b"_NET_ACTIVE_WINDOW", 0)
        self._watch: _ChordWatch | None = None

    @property
    def is_composited(self) -> bool:
        """Whether a compositing manager owns the screen."""
        atom = self._x.XInternAtom(self._display, b"_NET_WM_CM_S0", 0)
        return bool(self._x.XGetSelectionOwner(self._display, atom))

    def grab_keys(
        self, sequences: tuple[str, ...], on_chord: Callable[[str], None]
    ) -> tuple[str, ...]:
        """Watches chords in any program."""
        self.close()
        watch = _ChordWatch(self._x, on_chord)
        got = watch.start(sequences)
        self._watch = watch
        return got

    def active_window(self) -> int | None:
        """The window with the keyboard, as the window manager tells, else as X does."""
        return self._managed_window() or self._focus()

    def activate(self, window: int) -> None:
        """Asks the window manager; without one the focus is set directly."""
        if self._managed_window() is None:
            self._x.XSetInputFocus(self._display, window, 2, 0)
        else:
            self._x.XSendEvent(
                self._display, self._root, 0, _SUBSTRUCTURE, ctypes.byref(self._request(window))
            )
        self._x.XFlush(self._display)

    def close(self) -> None:
        """Lets the chords go."""
        if self._watch is not None:
            self._watch.stop()
            self._watch = None

    def _request(self, window: int) -> _Event:
        event = _Event()
        event.client.type = _CLIENT_MESSAGE
        event.client.window = window
        event.client.message_type = self._active_atom
        event.client.format = 32
        event.client.data[0] = _FROM_PAGER
        return event

    def _managed_window(self) -> int | None:
        kind, layout = ctypes.c_ulong(), ctypes.c_int()
        count, left = ctypes.c_ulong(), ctypes.c_ulong()
        value = ctypes.c_void_p()
        failed = self._x.XGetWindowProperty(
            self._display, self._root, self._active_atom, 0, 1, 0, _ANY_PROPERTY,
            ctypes.byref(kind), ctypes.byref(layout), ctypes.byref(count), ctypes.byref(left),
            ctypes.byref(value),
        )  # fmt: skip
        if failed or not value.value:
            return None
        window = ctypes.cast(value, ctypes.POINTER(ctypes.c_ulong))[0] if count.value else 0
        self._x.XFree(value)
        return int(window) or None

    def _focus(self) -> int | None:
        window, revert = ctypes.c_ulong(), ctypes.c_int()
        self._x.XGetInputFocus(self._display, ctypes.byref(window), ctypes.byref(revert))
        return window.value if window.value > 1 else None


class _ChordWatch:
    """A thread that waits for chords on a connection of its own."""

    def __init__(self, library: Any, on_chord: Callable[[str], None]) -> None:  # noqa: ANN401
        self._x = library
        self._on_chord = on_chord
        self._display = library.XOpenDisplay(None)
        self._chords: dict[tuple[int, int], str] = {}
        self._wake_read, self._wake_write = os.pipe()
        self._thread = threading.Thread(target=self._run, name="crmdesk-chords", daemon=True)

    def start(self, sequences: tuple[str, ...]) -> tuple[str, ...]:
        root = self._x.XDefaultRootWindow(self._display)
        for sequence in sequences:
            code, modifiers = self._parse(sequence)
            if code and self._grab(root, code, modifiers):
                self._chords[code, modifiers] = sequence
        self._thread.start()
        return tuple(self._chords.values())

    def stop(self) -> None:
        os.write(self._wake_write, b"x")
        self._thread.join()
        self._x.XCloseDisplay(self._display)
        os.close(self._wake_read)
        os.close(self._wake_write)

    def _grab(self, root: int, code: int, modifiers: int) -> bool:
        """Whether the chord is ours now; BadAccess says that another program has it."""
        _errors.clear()
        for extra in _IGNORED:
            self._x.XGrabKey(self._display, code, modifiers | extra, root, 0, _ASYNC, _ASYNC)
        self._x.XSync(self._display, 0)
        return not _errors

    def _parse(self, sequence: str) -> tuple[int, int]:
        *modifiers, key = sequence.split("+")
        symbol = self._x.XStringToKeysym(key.lower().encode())
        mask = sum(_MODIFIERS[name] for name in modifiers)
        return self._x.XKeysymToKeycode(self._display, symbol), mask

    def _run(self) -> None:
        connection = self._x.XConnectionNumber(self._display)
        event = _Event()
        while True:
            while self._x.XPending(self._display):
                self._x.XNextEvent(self._display, ctypes.byref(event))
                self._tell(event)
            ready, _, _ = select.select([connection, self._wake_read], [], [])
            if self._wake_read in ready:
                return

    def _tell(self, event: _Event) -> None:
        if event.type != _KEY_PRESS:
            return
        modifiers = event.key.state & (_CONTROL | _ALT | _SHIFT)
        sequence = self._chords.get((event.key.keycode, modifiers))
        if sequence is not None:
            self._on_chord(sequence)


def open_x11() -> X11Desktop | None:
    """The X server of `$DISPLAY`, None where libX11 or the server is missing."""
    library = _load()
    if library is None:
        return None
    display = library.XOpenDisplay(None)
    if not display:
        return None
    library.XSetErrorHandler(_error_handler)
    return X11Desktop(library, display)
