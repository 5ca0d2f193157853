"""path=: batch by batch to disk, and back as memory maps; a bar for those who would wait."""

import io
import shutil
import sys
from contextlib import redirect_stderr

import keras
import numpy as np
import pytest
from small_models import data, sequential

import lstm_widget as lw
from lstm_widget import progress
from lstm_widget.assembly import trace as assembly

L = keras.layers


@pytest.fixture
def model():
    return sequential(L.Bidirectional(L.LSTM(4, return_sequences=True), name="both"), L.GRU(3, name="gru"))


def same(one, other):
    assert list(one) == list(other)
    for name, layer in one.items():
        for quantity in layer.quantities:
            np.testing.assert_array_equal(layer[quantity.name], other[name][quantity.name])
        np.testing.assert_array_equal(layer.inputs, other[name].inputs)
    np.testing.assert_array_equal(one.outputs, other.outputs)


def test_it_is_the_trace_on_disk(model, tmp_path):
    x = data(10, 5, 3)
    streamed = lw.extract(model, x, batch_size=3, path=tmp_path / "trace")
    same(streamed, lw.extract(model, x, batch_size=3))
    same(lw.Trace.load(tmp_path / "trace"), streamed)
    layer = streamed["gru"]
    assert isinstance(layer.hidden_state, np.memmap)
    assert not layer.hidden_state.flags.writeable
    assert "when saved" not in str(layer.certificate)
    assert streamed[model.get_layer("gru")] is layer


@pytest.mark.parametrize("there", ["a file", "a trace", "an .npz"])
def test_nothing_is_overwritten(model, tmp_path, there):
    path = tmp_path / ("trace.npz" if there == "an .npz" else "trace")
    if there == "a file":
        path.write_text("precious")
    if there == "a trace":
        lw.example().save(path)
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    with pytest.raises(lw.StorageError, match="new or empty"):
        lw.extract(model, data(3, 5, 3), path=path)
    assert {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()} == before


@pytest.mark.parametrize("made", [True, False])
@pytest.mark.parametrize("error", [KeyboardInterrupt, lw.VerificationError])
def test_what_was_cut_short_leaves_nothing(model, tmp_path, monkeypatch, made, error):
    path = tmp_path / "trace"
    if not made:
        path.mkdir()
    prove, calls = assembly.prove, []

    def cut_short(run, into):
        calls.append(run.name)
        if len(calls) == 5:
            raise error("no")
        return prove(run, into)

    monkeypatch.setattr(assembly, "prove", cut_short)
    before = [weights.copy() for weights in model.get_weights()]
    with pytest.raises(error):
        lw.extract(model, data(9, 5, 3), batch_size=3, path=path)
    assert list(path.iterdir()) == [] if not made else not path.exists()
    for one, other in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    monkeypatch.setattr(assembly, "prove", prove)
    lw.extract(model, data(9, 5, 3), path=path)


def test_a_full_disk_is_said_before_anything_runs(model, tmp_path, monkeypatch):
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1000))
    with pytest.raises(lw.TraceTooLargeError, match="on the disk of"):
        lw.extract(model, data(3, 5, 3), path=tmp_path / "trace")
    assert not (tmp_path / "trace").exists()


def test_a_widget_opens_what_is_on_disk(model, tmp_path):
    widget = lw.LSTMWidget(lw.extract(model, data(3, 5, 3), path=tmp_path / "trace"), layer="gru")
    assert widget._scene["units"] == 3


def test_a_bar_only_for_those_who_would_wait(monkeypatch):
    ticks = iter([0.0, 0.1, 0.0, 1.0])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(ticks))
    for bar in (False, True):
        said = io.StringIO()
        with redirect_stderr(said), pytest.MonkeyPatch.context() as patched:
            # As in a terminal: in a notebook it is a widget.
            patched.setitem(sys.modules, "tqdm.auto", __import__("tqdm"))
            assert list(progress.shown([1, 2, 3])) == [1, 2, 3]
        assert ("extracting" in said.getvalue()) == bar


@pytest.mark.parametrize("items", [[], [1]])
def test_none_and_one(items):
    assert list(progress.shown(items)) == items
