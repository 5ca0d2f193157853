"""Steps that are made and kept in a thread of their own, while training goes on."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait

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
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="lstm_widget recorder")
        self._adding: Future[None] | None = None

    def begin(self) -> None:
        """Make ready."""
        self._store.begin()

    def numbers(self) -> list[int]:
        """List what there is now, oldest first."""
        if self._adding is not None:
            wait([self._adding])
        return self._store.numbers()

    def read(self, number: int) -> Step:
        """Give one step."""
        return self._store.read(number)

    def drop(self, number: int) -> None:
        """Forget one."""
        self._store.drop(number)

    def start(self, number: int, make: Callable[[], Step]) -> None:
        """Begin to make and to keep one more, once the one before is settled."""
        self._adding = self._thread.submit(lambda: self._store.add(number, make()))

    def settle(self) -> None:
        """Wait for the step that is on its way, and raise what kept it from being kept, once."""
        adding, self._adding = self._adding, None
        if adding is not None:
            adding.result()
