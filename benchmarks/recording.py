"""How much longer an epoch takes when its gates are recorded, as a ratio to the same epoch without a recorder.

    python benchmarks/recording.py          # six minutes

The model and the shape of the data are those of notebooks/quickstart.ipynb; in batches of 16 instead of 5 an epoch is
half as long as there, and what the recorder adds weighs more. All take turns in one `fit`, a few epochs each, and a
turn is held against the one without a recorder in the same round: a few seconds later a machine may be a third slower.
Ratios are medians over rounds of medians over epochs; 1.10 is the aim. "By hand" extracts the probe batch in a
callback, proof and all; the recorder proves, and writes, while training goes on. "In a widget" it is also on screen
while it runs, and there the mean of whole turns counts: only at some steps is there time to send something, and oftener
than in a training of its own, because no time is taken from it in the turns between.
"""

from __future__ import annotations

import os
import platform
import tempfile
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np

import lstm_widget as lw

PROBES = (1, 4, 16)
ROUNDS = 20
EPOCHS = 6
rng = np.random.default_rng(0)
X = rng.normal(size=(50, 150, 1)).astype("float32")
Y = rng.integers(0, 2, 50)


def quickstart():
    """Compile the quickstart's model."""
    layers = [keras.layers.LSTM(32, name="lstm"), keras.layers.Dense(2, activation="softmax", name="class")]
    model = keras.Sequential([keras.Input((150, 1)), *layers])
    model.compile(keras.optimizers.Adam(0.005, clipnorm=1.0), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


class ByHand(keras.callbacks.Callback):
    """Extract at the end of each epoch."""

    def __init__(self, probe):
        super().__init__()
        self.probe = probe

    def on_epoch_end(self, *_):
        lw.extract(self.model, self.probe)


class Turns(keras.callbacks.Callback):
    """Lets callbacks, one of which is none, work in turns of some epochs, and times these."""

    def __init__(self, callbacks):
        super().__init__()
        self.callbacks = callbacks
        self.seconds = {name: [] for name in callbacks}

    def set_model(self, model):
        super().set_model(model)
        for callback in self.callbacks.values():
            callback.set_model(model)

    def on_train_begin(self, logs=None):
        for callback in self.callbacks.values():
            callback.on_train_begin(logs)

    def on_train_end(self, logs=None):
        for callback in self.callbacks.values():
            callback.on_train_end(logs)

    def on_epoch_begin(self, epoch, logs=None):
        turn, count = epoch // EPOCHS, len(self.callbacks)
        self.name = list(self.callbacks)[(turn + turn // count) % count]
        self.start = time.perf_counter()
        self.callbacks[self.name].on_epoch_begin(epoch, logs)

    def on_epoch_end(self, epoch, logs=None):
        self.callbacks[self.name].on_epoch_end(epoch, logs)
        self.seconds[self.name].append(time.perf_counter() - self.start)

    def rounds(self, name):
        """Give the seconds of an epoch, (round, epoch), but for the first round, in which graphs are traced."""
        return np.reshape(self.seconds[name], (-1, EPOCHS))[1:]


def measure(samples: int, folder: Path) -> list[str]:
    """Give one row of the table."""
    probe, model = X[:samples], quickstart()
    watched = lw.GateRecorder(probe)
    widget = lw.LSTMWidget(watched.recording)
    widget._repr_mimebundle_()  # as when a notebook displays it: from now on it follows
    turns = Turns(
        {
            "alone": keras.callbacks.Callback(),
            "by hand": ByHand(probe),
            "in memory": lw.GateRecorder(probe),
            "on disk": lw.GateRecorder(probe, path=folder / str(samples)),
            "in a widget": watched,
        }
    )
    epochs = (1 + ROUNDS) * len(turns.callbacks) * EPOCHS
    model.fit(X, Y, epochs=epochs, batch_size=16, verbose=0, callbacks=[turns])
    alone = turns.rounds("alone")
    # In the first epoch of a turn the last step of the turn before is still being proved.
    ratios = [
        np.median(np.median(turns.rounds(name)[:, 1:], axis=1) / np.median(alone[:, 1:], axis=1))
        for name in ("by hand", "in memory", "on disk")
    ]
    ratios.append(turns.rounds("in a widget").mean() / alone.mean())
    return [str(samples), f"{np.median(alone) * 1000:.0f} ms", *(f"{ratio:.2f}" for ratio in ratios)]


def main() -> None:
    """Print the table."""
    versions = f"Keras {keras.__version__}, NumPy {np.__version__}"
    print(f"{versions}, {platform.machine()}, {os.cpu_count()} cores\n")
    columns = ("probe samples", "epoch alone", "extracted by hand", "recorded in memory", "on disk", "in a widget")
    print("| " + " | ".join(columns) + " |")
    print("|---" * len(columns) + "|")
    with tempfile.TemporaryDirectory() as folder:
        for samples in PROBES:
            print("| " + " | ".join(measure(samples, Path(folder))) + " |", flush=True)


if __name__ == "__main__":
    main()
