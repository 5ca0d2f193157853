"""Importing costs nothing: TensorFlow takes seconds, and many who look at a saved trace do not have it."""

import subprocess
import sys

HEAVY = ("tensorflow", "keras", "matplotlib", "jax", "torch", "pandas", "xarray")


def run(code):
    command = [sys.executable, "-c", f"import sys\n{code}\nprint([m for m in {HEAVY} if m in sys.modules])"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603


def test_import_brings_no_framework_and_no_matplotlib():
    assert run("import lstm_widget") == "[]"


def test_a_saved_trace_is_read_without_a_framework(tmp_path):
    code = f"""
import numpy as np, lstm_widget as lw
trace = lw.Trace({{}}, inputs=np.zeros(3), outputs=[np.ones(2)])
trace.save({str(tmp_path / "t.npz")!r})
repr(lw.Trace.load({str(tmp_path / "t.npz")!r}))
"""
    assert run(code) == "[]"


def test_only_the_recorder_brings_keras_and_it_is_listed_before():
    assert run("import lstm_widget as lw; assert 'GateRecorder' in dir(lw); lw.Recording") == "[]"
    assert "keras" in run("from lstm_widget import GateRecorder")


def test_every_public_name_is_there_and_listed():
    names = "import lstm_widget as lw; assert set(lw.__all__) == set(dir(lw))"
    assert "keras" in run(f"{names}; [getattr(lw, name) for name in lw.__all__]")
    assert run("import lstm_widget as lw; assert not hasattr(lw, 'no'); assert 'anywidget' not in sys.modules") == "[]"
