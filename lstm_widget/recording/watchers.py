"""Those who want to hear of each step of a training, as long as they live."""

from __future__ import annotations

import warnings
import weakref
from collections.abc import Callable
from typing import Any, Literal

News = Literal["begin", "step", "end"]
"""Training begins, a step is on its way, training is over."""


class Watchers:
    """A list of methods, held weakly: a recording keeps no widget in memory."""

    def __init__(self) -> None:
        self._methods: list[weakref.WeakMethod[Callable[[News], Any]]] = []

    def add(self, method: Callable[[News], Any]) -> None:
        """Let a bound method hear of all news from now on."""
        self._methods.append(weakref.WeakMethod(method))

    def __getstate__(self) -> dict[str, Any]:
        """Let nobody watch a copy: who watches, watches this recording."""
        return {"_methods": []}

    def tell(self, news: News) -> None:
        """Tell all who are still there. What fails there is theirs: training goes on."""
        self._methods = [method for method in self._methods if method() is not None]
        for reference in self._methods:
            method = reference()
            if method is None:
                continue
            try:
                method(news)
            except Exception as error:  # noqa: BLE001  (whatever it is, it must not cost anybody the training)
                msg = f"a step could not be shown, training goes on: {type(error).__name__}: {error}"
                warnings.warn(msg, RuntimeWarning, stacklevel=2)
