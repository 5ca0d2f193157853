"""See what the gates of a trained recurrent Keras layer do, with numbers that are proved."""

from lstm_widget.counting import example
from lstm_widget.errors import (
    InputError,
    LayerNotFoundError,
    LSTMWidgetError,
    MissingPackageError,
    ModelChangedError,
    ModelError,
    PageTooLargeError,
    StorageError,
    TraceTooLargeError,
    UnsupportedLayerError,
    VerificationError,
)
from lstm_widget.extraction import extract
from lstm_widget.layer_trace import LayerTrace
from lstm_widget.trace import Trace
from lstm_widget.verification.certificate import Certificate
from lstm_widget.weights import GateWeights
from lstm_widget.widget import LSTMWidget

__all__ = [
    "Certificate",
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
    "StorageError",
    "Trace",
    "TraceTooLargeError",
    "UnsupportedLayerError",
    "VerificationError",
    "example",
    "extract",
]
