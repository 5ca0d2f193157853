"""Scenes that are not on screen yet: of the steps next to the one that is."""

from __future__ import annotations

from lstm_widget.protocol import SceneAnswer
from lstm_widget.serving.answers.asked import Asked


def scene(asked: Asked) -> tuple[SceneAnswer, list[bytes]]:
    """Describe any sample of any layer at any step."""
    layer, sample, sort = asked.layer(), asked.sample(), asked.sort()
    described, overview = asked.shelf.scene(layer, sample, sort)
    return SceneAnswer(id=asked.id, kind="scene", scene=described), [overview]
