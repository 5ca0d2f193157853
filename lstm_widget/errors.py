"""Everything that can be wrong, each with what was found and what to type instead."""

from __future__ import annotations


class LSTMWidgetError(Exception):
    """Base of all errors of this package."""


class ModelError(LSTMWidgetError):
    """The model cannot be read: not a Keras model, not built, no recurrent layer, wrong back end."""


class ModelChangedError(LSTMWidgetError):
    """The weights changed while the model was being read, by training in another thread for example."""


class InputError(LSTMWidgetError):
    """The inputs, or an argument beside them, do not fit the model."""


class LayerNotFoundError(LSTMWidgetError, KeyError):
    """No layer, or no quantity, has that name."""

    def __str__(self) -> str:
        # KeyError would print the repr of the message, quotes and all.
        return str(self.args[0])


class UnsupportedLayerError(LSTMWidgetError):
    """A recurrent layer whose equations are not known here. Nothing is guessed."""


class TraceTooLargeError(LSTMWidgetError):
    """The result would take more than half of the free memory. Nothing was allocated yet."""


class PageTooLargeError(LSTMWidgetError):
    """A page to save would be larger than it may be. Nothing was written."""


class VerificationError(LSTMWidgetError):
    """The equations and the layer's own run disagree by more than rounding can explain.

    Attributes
    ----------
    layer : str
    sample, timestep, unit : int or None
        Where the disagreement is worst, in the layer's own arrays and in input order.
    """

    def __init__(
        self,
        message: str,
        *,
        layer: str = "",
        sample: int | None = None,
        timestep: int | None = None,
        unit: int | None = None,
    ) -> None:
        super().__init__(message)
        self.layer = layer
        self.sample = sample
        self.timestep = timestep
        self.unit = unit


class RecordingError(LSTMWidgetError):
    """Training cannot be recorded, or has no trace at a step."""


class StorageError(LSTMWidgetError):
    """A file is not a saved trace or recording, not one that this version can read, or would be overwritten."""


class MissingPackageError(LSTMWidgetError, ImportError):
    """A package that only some people need is not installed; says what to type."""
