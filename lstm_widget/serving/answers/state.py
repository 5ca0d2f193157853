"""What a page asks when somebody comes back to it."""

from __future__ import annotations

from lstm_widget.protocol import StateAnswer
from lstm_widget.serving.answers.asked import Asked


def state(asked: Asked) -> tuple[StateAnswer, list[bytes]]:
    """Say how many times traits were sent; to send them once more is the widget's own work."""
    asked.flag("send")
    return StateAnswer(id=asked.id, kind="state", revision=asked.shelves.revision), []
