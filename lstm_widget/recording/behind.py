"""Steps that are made and kept in a thread of their own, while training goes on."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
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
        # One for all steps: to begin a thread takes longer than to hand something to it.
        self._thread: ThreadPoolExecutor | None = None
        self._adding: Future[None] | None = None

    def begin(self) -> None:
        """Make ready."""
        self._store.begin()

    def numbers(self) -> list[int]:
        """List what there is now, oldest first."""
        if (adding := self._adding) is not None:
            wait([adding])
        return self._store.numbers()

    def read(self, number: int) -> Step:
        """Give one step."""
        return self._store.read(number)

    def drop(self, number: int) -> None:
        """Forget one."""
        self._store.drop(number)

    def start(self, number: int, make: Callable[[], Step]) -> None:
        """Begin to make and to keep one more, once the one before is settled."""
        self._thread = self._thread or ThreadPoolExecutor(1, "lstm_widget recorder")
        try:
            # A program that ends waits for its last step.
            self._adding = self._thread.submit(lambda: self._store.add(number, make()))
        except RuntimeError:
            # It is ending: only what was begun is waited for.
            self._store.add(number, make())

    def settle(self) -> None:
        """Wait for the step that is on its way, and raise what kept it from being kept, once."""
        if (adding := self._adding) is None:
            return
        wait([adding])
        self._adding = None
        adding.result()

    def __getstate__(self) -> dict[str, Any]:
        """Leave the thread out: tuners copy their callbacks."""
        self.numbers()
        return {**vars(self), "_thread": None, "_adding": None}
