"""See what the gates of a trained recurrent Keras layer do, with numbers that are proved."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lstm_widget.counting import example
    from lstm_widget.errors import (
        InputError,
        LayerNotFoundError,
        LSTMWidgetError,
        MissingPackageError,
        ModelChangedError,
        ModelError,
        PageTooLargeError,
        RecordingError,
        StorageError,
        TraceTooLargeError,
        UnsupportedLayerError,
        VerificationError,
    )
    from lstm_widget.extraction import extract
    from lstm_widget.fused_weights import gate_weights
    from lstm_widget.layer_trace import LayerTrace
    from lstm_widget.recording.recorder import GateRecorder
    from lstm_widget.recording.recording import Recording
    from lstm_widget.recording.step import Step
    from lstm_widget.trace import Trace
    from lstm_widget.verification.certificate import Certificate
    from lstm_widget.weights import GateWeights
    from lstm_widget.widget import LSTMWidget

__all__ = [
    "Certificate",
    "GateRecorder",
    "GateWeights",
    "InputError",
    "LSTMWidget",
    "LSTMWidgetError",
    "LayerNotFoundError",
    "LayerTrace",
    "MissingPackageError",
    "ModelChangedError",
    "ModelError",
    "PageTooLargeError",
    "Recording",
    "RecordingError",
    "Step",
    "StorageError",
    "Trace",
    "TraceTooLargeError",
    "UnsupportedLayerError",
    "VerificationError",
    "example",
    "extract",
    "gate_weights",
]

_HOMES = {
    "Certificate": ".verification.certificate",
    "GateRecorder": ".recording.recorder",
    "GateWeights": ".weights",
    "InputError": ".errors",
    "LSTMWidget": ".widget",
    "LSTMWidgetError": ".errors",
    "LayerNotFoundError": ".errors",
    "LayerTrace": ".layer_trace",
    "MissingPackageError": ".errors",
    "ModelChangedError": ".errors",
    "ModelError": ".errors",
    "PageTooLargeError": ".errors",
    "Recording": ".recording.recording",
    "RecordingError": ".errors",
    "Step": ".recording.step",
    "StorageError": ".errors",
    "Trace": ".trace",
    "TraceTooLargeError": ".errors",
    "UnsupportedLayerError": ".errors",
    "VerificationError": ".errors",
    "example": ".counting",
    "extract": ".extraction",
    "gate_weights": ".fused_weights",
}


def __getattr__(name: str) -> object:
    # Each name is imported when it is first used: who reads a trace waits for no widget, and nobody for TensorFlow,
    # which takes seconds, before it is needed.
    if name not in _HOMES:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    found: object = getattr(import_module(_HOMES[name], __name__), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return __all__
