"""Watch classes of Keras and TensorFlow for the length of a run, in one thread only.

Fused back-end code leaves no tensor of a gate to fetch, and of all places to watch only the method
``inner_loop``, looked up on the class, sees every call of a recurrent layer. A class is shared by all
threads, so what is put there asks a thread-local who is recording; every other thread falls through.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import keras
import tensorflow as tf

Original = Callable[..., Any]
_GRAPH_FUNCTION = type(tf.function(lambda: None))


class Recorder(Protocol):
    """Who is told of the calls in its own thread."""

    def inner_loop(self, original: Original, layer: Any, *args: Any, **kwargs: Any) -> Any:
        """Stand in for ``inner_loop`` of a recurrent layer."""

    def time_distributed(self, original: Original, layer: Any, *args: Any, **kwargs: Any) -> Any:
        """Stand in for ``call`` of a `keras.layers.TimeDistributed`."""

    def graph_function(self, original: Original, function: Any, *args: Any, **kwargs: Any) -> Any:
        """Stand in for the call of a `tf.function`."""

    def fused_directions(self, original: Original, layer: Any, *args: Any, **kwargs: Any) -> bool:
        """Stand in for the question whether a Bidirectional may fuse both directions."""


_recording = threading.local()
_lock = threading.Lock()
_users = 0
_replaced: list[tuple[type, str, Original]] = []


@contextmanager
def watching(recorder: Recorder) -> Iterator[None]:
    """Tell ``recorder`` of the calls in this thread; leave every class as it was afterwards."""
    before = getattr(_recording, "recorder", None)
    _install()
    _recording.recorder = recorder
    try:
        yield
    finally:
        _recording.recorder = before
        _uninstall()


def _install() -> None:
    global _users  # noqa: PLW0603
    with _lock:
        if _users == 0:
            for owner, attribute, handler in _places():
                _replace(owner, attribute, handler)
        _users += 1


def _uninstall() -> None:
    global _users  # noqa: PLW0603
    with _lock:
        _users -= 1
        if _users == 0:
            while _replaced:
                owner, attribute, original = _replaced.pop()
                setattr(owner, attribute, original)


def _places() -> Iterator[tuple[type, str, str]]:
    for owner in _family(keras.layers.RNN):
        if "inner_loop" in vars(owner):
            yield owner, "inner_loop", "inner_loop"
    for attribute in ("_can_attempt_fused_lstm", "_can_attempt_fused_gru"):
        # Keras 3.13 and earlier know no fused Bidirectional.
        if attribute in vars(keras.layers.Bidirectional):
            yield keras.layers.Bidirectional, attribute, "fused_directions"
    yield keras.layers.TimeDistributed, "call", "time_distributed"
    yield _GRAPH_FUNCTION, "__call__", "graph_function"


def _family(owner: type) -> set[type]:
    children: list[type] = owner.__subclasses__()
    return {owner}.union(*map(_family, children))


def _replace(owner: type, attribute: str, handler: str) -> None:
    original = vars(owner)[attribute]

    @functools.wraps(original)
    def stand_in(self: Any, *args: Any, **kwargs: Any) -> Any:
        recorder = getattr(_recording, "recorder", None)
        if recorder is None:
            return original(self, *args, **kwargs)
        return getattr(recorder, handler)(original, self, *args, **kwargs)

    _replaced.append((owner, attribute, original))
    setattr(owner, attribute, stand_in)
