"""Train the counting LSTM and write its trace: ``python -m lstm_widget.counting.make trace.npz``.

A word is ``a`` n times, ``X``, ``b`` n times, end. The network reads it symbol by symbol and says what comes
next; behind the X that can be known, and to know it one has to have counted.
"""

from __future__ import annotations

import sys
from typing import Any

import keras
import numpy as np

from lstm_widget.extraction import extract

SYMBOLS = ("a", "X", "b", "end")
TRAINED_ON = range(1, 13)
SHOWN = (3, 6, 9, 12, 15)


def word(n: int) -> list[int]:
    """Give the symbols of one word, by number."""
    return [0] * n + [1] + [2] * n + [3]


def encoded(lengths: Any) -> tuple[Any, Any, Any]:
    """Give one-hot words padded with zeros, the symbol after each, and where that symbol can be known."""
    longest = max(len(word(n)) for n in lengths)
    x = np.zeros((len(lengths), longest - 1, len(SYMBOLS)), np.float32)
    y = np.zeros((len(lengths), longest - 1), np.int64)
    known = np.zeros((len(lengths), longest - 1), np.float32)
    for row, n in enumerate(lengths):
        symbols = word(n)
        x[row, np.arange(2 * n + 1), symbols[:-1]] = 1
        y[row, : 2 * n + 1] = symbols[1:]
        known[row, n : 2 * n + 1] = 1
    return x, y, known


def train() -> Any:
    """Train until every word, also longer ones than it was trained on, is counted right."""
    keras.utils.set_random_seed(3)
    model = keras.Sequential(
        [
            keras.Input((None, len(SYMBOLS))),
            keras.layers.Masking(),
            keras.layers.LSTM(8, return_sequences=True, name="lstm"),
            keras.layers.Dense(len(SYMBOLS), activation="softmax", name="next_symbol"),
        ]
    )
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    x, y, known = encoded(list(TRAINED_ON))
    for _ in range(60):
        model.fit(x, y, sample_weight=known, epochs=50, verbose=0)
        right = accuracy(model, SHOWN)
        print(f"counted right: {right:.3f}")  # noqa: T201
        if right == 1:
            return model
    msg = "the network did not learn to count; try another seed"
    raise RuntimeError(msg)


def accuracy(model: Any, lengths: Any) -> float:
    """Give the share of symbols behind the X that were foretold right."""
    x, y, known = encoded(lengths)
    foretold = model.predict(x, verbose=0).argmax(axis=-1)
    return float((foretold == y)[known == 1].mean())


if __name__ == "__main__":
    trained = train()
    extract(trained, encoded(SHOWN)[0]).save(sys.argv[1])
