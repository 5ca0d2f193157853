"""Stand in for a layer or a cell without touching it."""

from __future__ import annotations

from typing import Any

_HOLDERS = {"build", "quantize", "_inbound_nodes", "_outbound_nodes"}
"""What would hold the original in memory."""


def twin(original: Any, **changes: Any) -> Any:
    """Share all attributes, and so the weights, of a layer or a cell, but for some."""
    made = object.__new__(type(original))
    made.__dict__.update({name: value for name, value in vars(original).items() if name not in _HOLDERS})
    made.__dict__.update(changes)
    return made
