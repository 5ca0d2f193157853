"""The shipped trace: small, real, and it counts."""

import subprocess
import sys
from importlib.resources import files

import numpy as np

import lstm_widget as lw


def test_it_is_small():
    assert len(files("lstm_widget").joinpath("counting", "trace.npz").read_bytes()) < 100_000


def test_the_network_counts():
    trace = lw.example()
    symbols = trace.inputs.argmax(axis=-1)
    computed = trace.only.mask
    for row in range(len(symbols)):
        n = int((symbols[row] == 0)[computed[row]].sum())
        foretold = trace.outputs[row, n : 2 * n + 1].argmax(axis=-1)
        assert foretold.tolist() == [2] * n + [3], f"{n} times b, then the end"


def test_the_equations_hold():
    layer = lw.example().only
    i, f, g, o, c, h = (layer[symbol] for symbol in "ifgoch")
    np.testing.assert_allclose(c[layer.mask], (f * layer.previous("c") + i * g)[layer.mask], rtol=1e-5)
    np.testing.assert_allclose(h[layer.mask], (o * np.tanh(c))[layer.mask], atol=1e-6)


def test_it_says_when_it_was_proved():
    assert "when saved" in str(lw.example().only.certificate)


def test_a_look_takes_no_framework():
    script = (
        "import sys, lstm_widget as lw; lw.LSTMWidget(lw.example());"
        "print([name for name in ('tensorflow', 'keras', 'matplotlib', 'pandas') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)  # noqa: S603
    assert ran.stdout.strip() == "[]"
