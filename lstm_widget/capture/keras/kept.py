"""What is compiled for a layer or a cell: a few functions each, which go when it goes."""

from __future__ import annotations

import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

_SHAPES_EACH = 4
"""The least recently used goes first."""
_OPTIONS = (
    *("go_backwards", "unroll", "zero_output_for_mask", "use_cudnn"),
    *("activation", "recurrent_activation", "implementation", "reset_after"),
    *("kernel", "recurrent_kernel", "bias"),
)

_lock = threading.Lock()
_functions: weakref.WeakKeyDictionary[Any, OrderedDict[Hashable, Any]] = weakref.WeakKeyDictionary()

Made = TypeVar("Made")


def kept(owner: Any, key: Hashable, make: Callable[[], Made]) -> Made:
    """Give what ``make`` made for this owner and key, now or before; it must not refer to the owner itself."""
    with _lock:
        functions = _functions.setdefault(owner, OrderedDict())
        if key not in functions:
            functions[key] = make()
        functions.move_to_end(key)
        while len(functions) > _SHAPES_EACH:
            functions.popitem(last=False)
        made: Made = functions[key]
    return made


def options(part: Any) -> tuple[int, ...]:
    """Tell apart what a layer or a cell computes with: each may be set anew, and what was compiled knows the old.

    It also keeps the old alive, so that nothing else can have its id.
    """
    return tuple(id(vars(part)[name]) for name in _OPTIONS if name in vars(part))
