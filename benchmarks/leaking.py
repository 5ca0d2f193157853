"""How much a process grows while it extracts from many shapes of one model, and from many models.

    python benchmarks/leaking.py [count]

Each line is a process of its own; the first tenth is left out, in which caches fill. The peer is the model's own
``predict`` on the same: what it grows by is TensorFlow's and Keras's.
"""

from __future__ import annotations

import os
import subprocess
import sys

_CHILD = """
import gc, sys
import keras, numpy as np, psutil
import lstm_widget as lw
what, of, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
new = lambda: keras.Sequential([keras.Input((None, 3)), keras.layers.LSTM(8)])
model, grown, start = new(), psutil.Process(), 0
for k in range(count):
    if of == "models":
        model = new()
    x = np.ones((1, 5 + (k if of == "shapes" else 0), 3), "float32")
    lw.extract(model, x) if what == "extract" else model.predict(x, verbose=0)
    if k == count // 10:
        gc.collect()
        start = grown.memory_info().rss
gc.collect()
print(grown.memory_info().rss - start)
"""


def main() -> None:
    """Print the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    print("| | extract, MB | predict, MB |\n|---|---|---|")
    for of in ("shapes", "models"):
        grown = [
            subprocess.run(  # noqa: S603  (our own)
                [sys.executable, "-c", _CHILD, what, of, str(count)],
                env=environment, capture_output=True, text=True, check=True,
            ).stdout
            for what in ("extract", "predict")
        ]  # fmt: skip
        print(f"| {count:,} {of} | {' | '.join(f'{int(each) / 1e6:.0f}' for each in grown)} |", flush=True)


if __name__ == "__main__":
    main()
