"""One of several outputs of a model, as its user names it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lstm_widget.errors import InputError
from lstm_widget.trace import Trace


def output_of(outputs: Any, output: str | int | None) -> Any:
    """Give the output of that name, or at that place in a list; for None the only one, or all there are.

    Raises
    ------
    InputError
        If there is none; says what there is.

    Examples
    --------
    >>> output_of({"count": 1, "parity": 2}, "parity")
    2
    >>> output_of([1], None)
    1
    """
    names = _names(outputs)
    if output is None:
        return outputs[names[0]] if len(names) == 1 else outputs
    if output not in names:
        known = f"name {_listed(names)}" if names else "it returned one: leave it out"
        msg = f"output={output!r} is none of what the model returned; {known}"
        raise InputError(msg)
    return outputs[output]


def targets_of(targets: Any, outputs: Any, output: str | int | None) -> Any:
    """Give the targets of one output, of which a dict may hold those of all, as for ``model.fit``.

    Raises
    ------
    InputError
        If nobody said which output they belong to, or the dict has none of it.
    """
    names = _names(outputs)
    if len(names) > 1 and output is None:
        msg = f"the model returned {len(names)} outputs, and targets belong to one of them: type {_listed(names)}"
        raise InputError(msg)
    if not isinstance(targets, Mapping):
        return targets
    if output not in targets:
        msg = f"targets holds {', '.join(map(repr, targets))}, and not {output!r}; give the targets of one output"
        raise InputError(msg)
    return targets[output]


def with_output(trace: Trace, output: str | int | None) -> Trace:
    """Give a trace of a model that returns only that output."""
    # Of a step that could not be proved nothing is known.
    picked = trace.outputs if trace.outputs is None else output_of(trace.outputs, output)
    if picked is trace.outputs:
        return trace
    objects = {name: live for name in trace if (live := trace.live(name)) is not None}
    return Trace(trace, inputs=trace.inputs, outputs=picked, objects=objects)


def _names(outputs: Any) -> list[Any]:
    if isinstance(outputs, Mapping):
        return list(outputs)
    return list(range(len(outputs))) if isinstance(outputs, list | tuple) else []


def _listed(names: list[Any]) -> str:
    return " or ".join(f"output={name!r}" for name in names)
