"""See what the gates of a trained recurrent Keras layer do, with numbers that are proved."""

from typing import TYPE_CHECKING

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
from lstm_widget.recording.recording import Recording
from lstm_widget.recording.step import Step
from lstm_widget.trace import Trace
from lstm_widget.verification.certificate import Certificate
from lstm_widget.weights import GateWeights
from lstm_widget.widget import LSTMWidget

if TYPE_CHECKING:
    from lstm_widget.recording.recorder import GateRecorder

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


def __getattr__(name: str) -> object:
    # A callback is a subclass of Keras's: to import it is to import TensorFlow, which takes seconds.
    if name == "GateRecorder":
        from lstm_widget.recording.recorder import GateRecorder  # noqa: PLC0415

        return GateRecorder
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)


def __dir__() -> list[str]:
    return __all__
