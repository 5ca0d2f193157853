"""A recording as people read it: a table in text, and one in HTML."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lstm_widget.recording.recording import Recording
    from lstm_widget.recording.step import Step

_ENDS = 5
"""Rows shown of either end of a long recording."""


def text(recording: Recording) -> str:
    """Lay the steps out in columns."""
    headline, rows = _rows(recording)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([headline, *lines])


def html(recording: Recording) -> str:
    """Make the same a quiet HTML table."""
    headline, (head, *body) = _rows(recording)
    names = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    lines = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in body)
    return f"<table><caption>{escape(headline)}</caption><thead><tr>{names}</tr></thead><tbody>{lines}</tbody></table>"


def _rows(recording: Recording) -> tuple[str, list[tuple[str, ...]]]:
    whole = recording[:]  # a recording may grow while it is written out
    count = len(whole)
    head, tail = (count, count) if count <= 2 * _ENDS + 1 else (_ENDS, count - _ENDS)
    shown = [*enumerate(whole[:head]), *enumerate(whole[tail:], tail)]
    logs = list(dict.fromkeys(name for _, step in shown for name in step.logs))
    rows = [("step", "fit", "epoch", "batch", *logs, "marks"), *(_row(k, step, logs) for k, step in shown)]
    if head < tail:
        rows.insert(1 + head, ("...",) * len(rows[0]))
    return f"Recording of {count:,} step{'' if count == 1 else 's'}", rows


def _row(k: int, step: Step, logs: list[str]) -> tuple[str, ...]:
    values = (f"{step.logs[name]:.4g}" if name in step.logs else "" for name in logs)
    batch = "end" if step.batch is None else str(step.batch)
    return str(k), str(step.fit), str(step.epoch), batch, *values, "; ".join(step.marks)
