"""Steps that are made and kept in a thread of their own, while training goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from lstm_widget.recording.step import Step
from lstm_widget.recording.steps import Store


class StepsBehind:
    """Adds to a store, one step at a time. Whoever asks for steps waits for the one that is on its way.

    Parameters
    ----------
    store : Store
        Where they are kept.
    """

    def __init__(self, store: Store) -> None:
        self.watchers = store.watchers
        self._store = store
        self._adding: _Adding | None = None

    def begin(self) -> None:
        """Make ready."""
        self._store.begin()

    def numbers(self) -> list[int]:
        """List what there is now, oldest first."""
        if (adding := self._adding) is not None:
            adding.join()
        return self._store.numbers()

    def read(self, number: int) -> Step:
        """Give one step."""
        return self._store.read(number)

    def drop(self, number: int) -> None:
        """Forget one."""
        self._store.drop(number)

    def start(self, number: int, make: Callable[[], Step]) -> None:
        """Begin to make and to keep one more, once the one before is settled."""
        adding = _Adding(lambda: self._store.add(number, make()))
        adding.start()
        self._adding = adding

    def settle(self) -> None:
        """Wait for the step that is on its way, and raise what kept it from being kept, once."""
        if (adding := self._adding) is None:
            return
        adding.join()
        self._adding = None
        if adding.error is not None:
            raise adding.error

    def __getstate__(self) -> dict[str, Any]:
        """Leave the thread out: tuners copy their callbacks."""
        self.numbers()
        return {**vars(self), "_adding": None}


class _Adding(threading.Thread):
    # No daemon: a program that ends waits for its last step.
    def __init__(self, add: Callable[[], None]) -> None:
        super().__init__(name="lstm_widget recorder")
        self._add: Callable[[], None] | None = add
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            if self._add is not None:
                self._add()
        except BaseException as error:  # noqa: BLE001  (raised where it is waited for)
            self.error = error
        finally:
            # It holds all that ran.
            self._add = None
