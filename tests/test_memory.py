"""The size is known before anything is allocated, and the error says what to type."""

import keras
import numpy as np
import pytest
from small_models import data, sequential

import lstm_widget as lw
from lstm_widget import memory

L = keras.layers


@pytest.fixture
def model():
    return sequential(L.LSTM(4, return_sequences=True, name="a"), L.GRU(3, name="b"))


# Float32 numbers a row: 5 timesteps x (6 quantities x 4 units + 3 features), and 5 x (4 x 3 + 4).
SIZE = 4 * (5 * (6 * 4 + 3) + 5 * (4 * 3 + 4))


def test_exactly_half_of_the_free_memory_is_allowed(model, monkeypatch):
    monkeypatch.setattr(memory, "free_bytes", lambda: 2 * 100 * SIZE)
    lw.extract(model, data(100, 5, 3))
    monkeypatch.setattr(memory, "free_bytes", lambda: 2 * 100 * SIZE - 1)
    with pytest.raises(lw.TraceTooLargeError, match=r"'a', 'b' for 100 rows"):
        lw.extract(model, data(100, 5, 3))


def test_what_it_says_to_type_works(model, monkeypatch):
    monkeypatch.setattr(memory, "free_bytes", lambda: 100 * SIZE)
    with pytest.raises(lw.TraceTooLargeError) as caught:
        lw.extract(model, data(100, 5, 3))
    rows = int(str(caught.value).partition("samples=range(")[2].partition(")")[0])
    assert 1 <= rows < 100
    assert len(lw.extract(model, data(100, 5, 3), samples=range(rows))["a"]["h"]) == rows
    assert list(lw.extract(model, data(30, 5, 3), layers=["b"])) == ["b"]


def test_it_is_raised_before_the_layer_runs(monkeypatch):
    ran = []

    class Watched(L.LSTM):
        def inner_loop(self, sequences, initial_state, mask, training=False):
            ran.append(self.name)
            return super().inner_loop(sequences, initial_state, mask, training=training)

    model = sequential(Watched(4))
    ran.clear()
    monkeypatch.setattr(memory, "free_bytes", lambda: 100)
    with pytest.raises(lw.TraceTooLargeError):
        lw.extract(model, data(3, 5, 3))
    assert ran == []


def test_free_memory_is_a_sane_number():
    assert 10**6 < memory.free_bytes() < 10**15


def test_a_containers_limit_counts(tmp_path, monkeypatch):
    limit, used = tmp_path / "max", tmp_path / "current"
    limit.write_text("5000\n")
    used.write_text("2000\n")
    monkeypatch.setattr(memory, "_LIMITS", ((limit, used),))
    assert memory.free_bytes() == 3000
    limit.write_text("max\n")
    assert memory.free_bytes() > 10**6


def test_arrays_are_as_large_as_announced(model):
    trace = lw.extract(model, data(2, 5, 3))
    kept = sum(lt[q.symbol].nbytes for lt in trace.values() for q in lt.quantities)
    assert kept + sum(lt.inputs.nbytes for lt in trace.values()) == 2 * SIZE
    assert trace["a"]["h"].dtype == np.float32
