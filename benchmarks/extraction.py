"""How long a certified extraction takes, as a ratio to ``model.predict`` on the same inputs in the same run.

    python benchmarks/extraction.py            # the six sizes; minutes
    python benchmarks/extraction.py --quick    # the four small ones; under two minutes

Each number is a median over interleaved runs. Below 1 is faster than ``predict``. The eager cell loop is what
people write to get at gates; "h alone" is a second model that returns the sequence of h, and nothing else. Memory is
how far the process grew at its peak during an extraction, over the bytes of the arrays that it returned.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import threading
import time
from collections.abc import Callable

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import psutil
import tensorflow as tf

import lstm_widget as lw

# (samples, timesteps, features, units)
SIZES = ((1, 100, 8, 32), (1, 1000, 64, 256), (32, 200, 64, 256), (1, 10_000, 32, 128), (64, 500, 128, 512))
LONG = (1, 100_000, 16, 64)
QUICK = SIZES[:4]


def seconds(work: Callable[[], object]) -> float:
    """Time one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def cell_loop(cell, x):
    """Step the cell in Python, as the recipes do."""
    states = cell.get_initial_state(batch_size=len(x))
    for t in range(x.shape[1]):
        _, states = cell(x[:, t], states)
    return states


def growth(work: Callable[[], lw.Trace]) -> float:
    """Give the peak growth of this process over the bytes that come back."""
    process, peak, done = psutil.Process(), 0, threading.Event()
    before = process.memory_info().rss

    def look() -> None:
        nonlocal peak
        while not done.wait(0.001):
            peak = max(peak, process.memory_info().rss)

    looker = threading.Thread(target=look)
    looker.start()
    trace = work()
    done.set()
    looker.join()
    kept = sum(layer[q.name].nbytes for layer in trace.values() for q in layer.quantities)
    return max(0, peak - before) / kept


def measure(size: tuple[int, int, int, int], rounds: int) -> list[str]:
    """Give one row of the table."""
    samples, timesteps, features, units = size
    layer = keras.layers.LSTM(units, name="lstm")
    model = keras.Sequential([keras.Input((timesteps, features)), layer, keras.layers.Dense(2)])
    sequences = keras.layers.LSTM(units, return_sequences=True)
    h_alone = keras.Sequential([keras.Input((timesteps, features)), sequences])
    sequences.set_weights(layer.get_weights())
    x = np.random.default_rng(0).normal(size=(samples, timesteps, features)).astype("float32")
    ways = {
        "predict": lambda: model.predict(x, verbose=0, batch_size=64),
        "extract": lambda: lw.extract(model, x, batch_size=64),
        "extract, XLA": lambda: lw.extract(model, x, batch_size=64, jit_compile=True),
        "h alone": lambda: h_alone.predict(x, verbose=0, batch_size=64),
    }
    cold = {name: seconds(work) for name, work in ways.items()}
    warm = {name: [] for name in ways}
    for _ in range(rounds):
        for name, work in ways.items():
            warm[name].append(seconds(work))
    median = {name: statistics.median(times) for name, times in warm.items()}
    # Its time grows with the timesteps, and a thousand of them say enough.
    some = tf.constant(x[:, :1000])
    median["cell loop"] = seconds(lambda: cell_loop(layer.cell, some)) * timesteps / some.shape[1]
    base = median["predict"]
    ratios = [f"{median[name] / base:.2f}" for name in ("extract", "extract, XLA", "h alone", "cell loop")]
    first = f"{cold['extract'] / cold['predict']:.2f}"
    return [str(size), f"{base * 1000:.0f} ms", *ratios, first, f"{growth(ways['extract']):.2f}"]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    versions = f"Keras {keras.__version__}, TensorFlow {tf.__version__}, NumPy {np.__version__}"
    print(f"{versions}, {platform.machine()}, {os.cpu_count()} cores\n")
    columns = ("(samples, timesteps, features, units)", "predict", "extract", "extract, XLA", "h alone", "cell loop")
    print("| " + " | ".join((*columns, "first extract / first predict", "memory")) + " |")
    print("|---|---|---|---|---|---|---|---|")
    for size in QUICK if quick else (*SIZES, LONG):
        print("| " + " | ".join(measure(size, rounds=3 if quick else 5)) + " |", flush=True)


if __name__ == "__main__":
    main()
