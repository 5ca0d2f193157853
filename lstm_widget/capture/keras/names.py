"""What the layers of a model are called: the model's own names, joined by slashes."""

from __future__ import annotations

from collections import deque
from typing import Any


def paths(model: Any) -> dict[int, str]:
    """Map the id of every layer that the model tracks to its path, without the model's own name.

    The ids are good for as long as the model is held. A layer in an untracked holder is not among them.
    """
    found: dict[int, str] = {id(model): model.name}
    queue: deque[tuple[Any, str]] = deque([(model, "")])
    while queue:
        parent, prefix = queue.popleft()
        for child in _children(parent):
            if id(child) not in found:
                found[id(child)] = prefix + child.name
                queue.append((child, f"{prefix}{child.name}/"))
    return found


def _children(layer: Any) -> list[Any]:
    return list(layer._flatten_layers(include_self=False, recursive=False))  # noqa: SLF001


class CallNames:
    """Names for calls: the second call under a path is ``"encoder#2"``."""

    def __init__(self, model: Any) -> None:
        self._paths = paths(model)
        self._calls: dict[str, int] = {}

    def path(self, layer: Any) -> str:
        """Where the layer stands in the model."""
        return self._paths.get(id(layer), str(layer.name))

    def numbered(self, path: str) -> str:
        """Name the next call under this path."""
        self._calls[path] = self._calls.get(path, 0) + 1
        return path if self._calls[path] == 1 else f"{path}#{self._calls[path]}"
