"""Capture for Keras 3 on TensorFlow."""

from lstm_widget.capture.keras.session import Session, session

__all__ = ["Session", "session"]
