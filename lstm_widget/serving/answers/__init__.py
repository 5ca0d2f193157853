"""Answer the browser: every message is checked, bounded, and answered once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lstm_widget.errors import LSTMWidgetError
from lstm_widget.protocol import Answer, ErrorAnswer
from lstm_widget.serving.answers import numbers, samples, scenes, state, texts, weights
from lstm_widget.serving.answers.asked import Asked, RefusedError, identity_of, kind_of
from lstm_widget.serving.answers.needs import Shelves

_KINDS: dict[str, Callable[[Asked], tuple[Answer, list[bytes]]]] = {
    "scene": scenes.scene,
    "tile": numbers.tile,
    "labels": texts.labels,
    "words": texts.words,
    "find": texts.find,
    "samples": samples.samples,
    "nearest": samples.nearest,
    "parts": numbers.gate_parts,
    "memory": numbers.memory_left,
    "saturation": numbers.gate_saturation,
    "matches": numbers.unit_matches,
    "weights": weights.gate_weights,
    "drift": weights.drift,
    "refresh": samples.refresh,
    "state": state.state,
}

_MAX_ERROR = 280
"""An error is a sentence or two, whatever it quotes."""


def answer(shelves: Shelves, message: Any) -> tuple[Answer, list[bytes]]:
    """Give the answer to a message and its buffers; never raises for what the message says."""
    identity = ""
    try:
        identity = identity_of(message)
        asked = Asked(shelves, identity, kind_of(message, list(_KINDS)), message)
        return _KINDS[asked.kind](asked)
    except (RefusedError, LSTMWidgetError) as refusal:
        why = str(refusal)
    except Exception as error:  # noqa: BLE001  (labels may be a user's function, a refresh runs a user's model)
        why = f"{type(error).__name__}: {error}"
    return ErrorAnswer(
        id=identity, kind="error", error=why if len(why) <= _MAX_ERROR else why[: _MAX_ERROR - 1] + "…"
    ), []
