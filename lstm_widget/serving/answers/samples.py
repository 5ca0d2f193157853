"""Answers about samples: which there are, which to compare with, and all of them anew."""

from __future__ import annotations

from lstm_widget.protocol import MAX_LABELS, NearestAnswer, RefreshAnswer, SamplesAnswer
from lstm_widget.serving.answers.asked import Asked
from lstm_widget.serving.answers.texts import cut


def samples(asked: Asked) -> tuple[SamplesAnswer, list[bytes]]:
    """List samples."""
    name, text = asked.layer(), asked.text("text")
    among = asked.choice("among", ("all", "wrong", "right"))
    by = asked.choice("by", ("index", "loss"))
    lines = asked.span(asked.shelf.samples(name), MAX_LABELS)
    total, found = asked.shelf.samples_found(name, text, among=among, by=by, lines=lines)
    for line in found:
        line["label"] = cut(line["label"])
    return SamplesAnswer(id=asked.id, kind="samples", start=lines[0], total=total, samples=found), []


def nearest(asked: Asked) -> tuple[NearestAnswer, list[bytes]]:
    """Find the sample to compare with."""
    return NearestAnswer(id=asked.id, kind="nearest", sample=asked.shelf.nearest(asked.layer(), asked.sample())), []


def refresh(asked: Asked) -> tuple[RefreshAnswer, list[bytes]]:
    """Extract again."""
    asked.shelves.refresh()
    return RefreshAnswer(id=asked.id, kind="refresh"), []
