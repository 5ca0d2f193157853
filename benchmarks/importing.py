"""How long ``import lstm_widget`` takes, as a ratio to ``import anywidget``, which it stands on.

    python benchmarks/importing.py

Each import runs in a Python of its own, in turn, nine times; the time of Python itself is taken off. The target is 1.3.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

ROUNDS = 9


def seconds(code: str) -> float:
    """Time a Python that runs this and ends."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603  (our own words)
    return time.perf_counter() - start


def main() -> None:
    """Print the table."""
    times: dict[str, list[float]] = {"pass": [], "import anywidget": [], "import lstm_widget": []}
    for _ in range(ROUNDS):
        for code, taken in times.items():
            taken.append(seconds(code))
    alone, peer, ours = (statistics.median(taken) for taken in times.values())
    print("| import anywidget, ms | import lstm_widget, ms | ratio |\n|---|---|---|")
    print(f"| {(peer - alone) * 1000:.0f} | {(ours - alone) * 1000:.0f} | {(ours - alone) / (peer - alone):.2f} |")


if __name__ == "__main__":
    main()
