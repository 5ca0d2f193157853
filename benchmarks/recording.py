"""How much longer an epoch takes when its gates are recorded, as a ratio to the same epoch without a recorder.

    python benchmarks/recording.py          # four to eight minutes

The model and the shape of the data are those of notebooks/quickstart.ipynb. Ratios are medians over turns, each with
some epochs of every sort, so that a busy machine slows them all; 1.10 is the aim. "One extraction" is the probe batch
by hand, proof and all; the recorder proves, and writes, while training goes on. "In a widget" it is also on screen
while it runs. That is told of the whole, not of the median turn: only at some steps is there time to send something.
"""

from __future__ import annotations

import os
import platform
import statistics
import tempfile
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np

import lstm_widget as lw

PROBES = (1, 4, 16)
ROUNDS = 20
EPOCHS = 5
rng = np.random.default_rng(0)
X = rng.normal(size=(50, 150, 1)).astype("float32")
Y = rng.integers(0, 2, 50)


def quickstart():
    """Compile the quickstart's model."""
    layers = [keras.layers.LSTM(32, name="lstm"), keras.layers.Dense(2, activation="softmax", name="class")]
    model = keras.Sequential([keras.Input((150, 1)), *layers])
    model.compile(keras.optimizers.Adam(0.005, clipnorm=1.0), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


class Stopwatch(keras.callbacks.Callback):
    """The length of each epoch, with what the callbacks before this one did at its end."""

    def __init__(self):
        super().__init__()
        self.seconds = []

    def on_epoch_begin(self, *_):
        self.start = time.perf_counter()

    def on_epoch_end(self, *_):
        self.seconds.append(time.perf_counter() - self.start)


def measure(samples: int, folder: Path) -> list[str]:
    """Give one row of the table."""
    probe, model = X[:samples], quickstart()
    watched = lw.GateRecorder(probe)
    widget = lw.LSTMWidget(watched.recording)
    widget._repr_mimebundle_()  # as when a notebook displays it: from now on it follows
    recorders = {
        "epoch": [],
        "in memory": [lw.GateRecorder(probe)],
        "on disk": [lw.GateRecorder(probe, path=folder / str(samples))],
        "in a widget": [watched],
    }
    watches = {name: Stopwatch() for name in recorders}
    extractions = []
    for turn in range(ROUNDS):
        first = turn % len(recorders)
        for name in [*recorders, *recorders][first : first + len(recorders)]:
            # The first epoch pays for what fit does once, the second for tracing the recorder's run.
            callbacks = [*recorders[name], watches[name]]
            model.fit(X, Y, epochs=2 + EPOCHS, batch_size=16, verbose=0, callbacks=callbacks)
        start = time.perf_counter()
        lw.extract(model, probe)
        extractions.append(time.perf_counter() - start)
        if turn == 0:  # graphs were traced
            extractions.clear()
            for watch in watches.values():
                watch.seconds.clear()
    epochs = {
        name: [statistics.mean(turn) for turn in np.reshape(watch.seconds, (-1, 2 + EPOCHS))[:, 2:]]
        for name, watch in watches.items()
    }
    alone = epochs.pop("epoch")
    with_extraction = [epoch + extraction for epoch, extraction in zip(alone, extractions, strict=True)]
    shown = sum(epochs.pop("in a widget")) / sum(alone)
    ratios = [
        statistics.median(seconds / base for seconds, base in zip(times, alone, strict=True))
        for times in (with_extraction, *epochs.values())
    ]
    times = [f"{statistics.median(times) * 1000:.1f} ms" for times in (alone, extractions)]
    return [str(samples), *times, *(f"{ratio:.2f}" for ratio in (*ratios, shown))]


def main() -> None:
    """Print the table."""
    versions = f"Keras {keras.__version__}, NumPy {np.__version__}"
    print(f"{versions}, {platform.machine()}, {os.cpu_count()} cores\n")
    recorded = ("recorded in memory", "on disk", "in a widget")
    columns = ("probe samples", "epoch alone", "one extraction", "epoch + extraction", *recorded)
    print("| " + " | ".join(columns) + " |")
    print("|---" * len(columns) + "|")
    with tempfile.TemporaryDirectory() as folder:
        for samples in PROBES:
            print("| " + " | ".join(measure(samples, Path(folder))) + " |", flush=True)


if __name__ == "__main__":
    main()
