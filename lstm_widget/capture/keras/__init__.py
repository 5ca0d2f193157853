"""Capture for Keras 3 on TensorFlow."""

from lstm_widget.capture.keras.session import BatchRun, Session, session

__all__ = ["BatchRun", "Session", "session"]
