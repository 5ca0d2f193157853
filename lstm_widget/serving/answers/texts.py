"""Answers that carry words: what timesteps are called, how the input reads, where a label is."""

from __future__ import annotations

from collections.abc import Iterable

from lstm_widget.protocol import MAX_LABELS, FindAnswer, LabelsAnswer, WordsAnswer
from lstm_widget.serving.answers.asked import Asked

MAX_LABEL = 200
"""Longer labels are cut, so that 4,096 of them stay below a megabyte."""

_AT_ONCE = 65_536
"""Labels that are looked through at once: a million of them would be 100 MB of text."""


def labels(asked: Asked) -> tuple[LabelsAnswer, list[bytes]]:
    """Name timesteps."""
    layer, _ = asked.trace()
    start, stop = asked.span(layer.timesteps, MAX_LABELS)
    named = asked.shelf.timestep_labels(asked.layer(), asked.sample(), start, stop)
    return LabelsAnswer(id=asked.id, kind="labels", start=start, labels=[cut(label) for label in named]), []


def words(asked: Asked) -> tuple[WordsAnswer, list[bytes]]:
    """Read the input's words."""
    layer, _ = asked.trace()
    start, stop = asked.span(layer.timesteps, MAX_LABELS)
    read = asked.shelf.words(asked.layer(), asked.sample(), start, stop)
    return WordsAnswer(id=asked.id, kind="words", start=start, words=[cut(word) for word in read]), []


def find(asked: Asked) -> tuple[FindAnswer, list[bytes]]:
    """Find the timestep that is called so."""
    text = asked.text("text")
    if not text:
        raise asked.refuse("text is empty")
    layer, _ = asked.trace()
    name, sample, timesteps = asked.layer(), asked.sample(), layer.timesteps
    pieces = (
        asked.shelf.timestep_labels(name, sample, start, min(start + _AT_ONCE, timesteps))
        for start in range(0, timesteps, _AT_ONCE)
    )
    return FindAnswer(id=asked.id, kind="find", timestep=first_like(text, pieces)), []


def first_like(text: str, pieces: Iterable[list[str]]) -> int | None:
    """Give the first label that is the text; else the first that begins so, else the first that holds it.

    Examples
    --------
    >>> first_like("mon", [["Tue", "a Mon"], ["Monday", "Mon"]])
    3
    >>> first_like("mon", [["Tue", "a Mon"], ["Monday"]])
    2
    >>> first_like("x", [["Tue"]]) is None
    True
    """
    wanted = text.casefold()
    begins = holds = None
    timestep = 0
    for piece in pieces:
        for label in piece:
            found = label.casefold()
            # Most labels do not hold it; asked this first, a million of them take half a second.
            if wanted in found:
                if found == wanted:
                    return timestep
                if begins is None and found.startswith(wanted):
                    begins = timestep
                if holds is None:
                    holds = timestep
            timestep += 1
    return holds if begins is None else begins


def cut(label: str) -> str:
    """Shorten what nobody could read."""
    return label if len(label) <= MAX_LABEL else label[: MAX_LABEL - 1] + "…"
