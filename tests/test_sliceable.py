"""Numbers that stay on disk, in whatever can be sliced."""

from functools import partial

import h5py
import numpy as np
import pytest
import zarr

import lstm_widget as lw
from lstm_widget.sliceable import Sliceable

KEYS = [
    0,
    -1,
    (1, slice(2, 7)),
    (slice(None), slice(None, None, 3)),
    (1, slice(7, 2, -2), slice(1, 2)),
    (slice(0, 1), [5, 2, 2], slice(0, 2)),
    (slice(0, 1), np.array([-1, 3])),
    (slice(None), np.array([], int)),
    (1, np.arange(9) % 2 == 0),
    (slice(1, 2), slice(2, 7), [3, 0]),
]


@pytest.fixture(params=["hdf5", "zarr"])
def dataset(request, tmp_path):
    if request.param == "hdf5":
        with h5py.File(tmp_path / "numbers.h5", "w") as file:
            yield partial(file.create_dataset)
    else:
        group = zarr.create_group(tmp_path / "numbers.zarr")
        yield lambda name, data: group.create_array(name, data=data)


@pytest.mark.parametrize("key", KEYS, ids=str)
def test_indexes_as_numpy_does(dataset, key):
    array = np.arange(2 * 9 * 4.0).reshape(2, 9, 4)
    np.testing.assert_array_equal(Sliceable(dataset("x", data=array))[key], array[key])


def test_an_index_outside_is_refused(dataset):
    with pytest.raises((IndexError, ValueError)):
        Sliceable(dataset("x", data=np.zeros((2, 3))))[2]


@pytest.fixture
def trace():
    return lw.example()


@pytest.fixture
def on_disk(trace, dataset):
    """The same numbers, left in a file."""
    layer = trace.only
    given = {name: getattr(layer, name) for name in INIT}
    values = {q.name: dataset(q.name, data=layer[q.name]) for q in layer.quantities}
    layers = {"lstm": lw.LayerTrace(**{**given, "values": values})}
    return lw.Trace(layers, inputs=trace.inputs, outputs=trace.outputs)


@pytest.mark.parametrize("path", ["trace.npz", "trace"])
def test_a_trace_is_saved_from_wherever_it_lies(trace, on_disk, tmp_path, path):
    on_disk.save(tmp_path / path)
    loaded = lw.Trace.load(tmp_path / path).only
    for quantity in loaded.quantities:
        np.testing.assert_array_equal(loaded[quantity.name], trace.only[quantity.name])


def test_tables_figures_and_pages_read_it(trace, on_disk, tmp_path):
    assert on_disk.to_dataframe().equals(trace.to_dataframe())
    assert on_disk.to_xarray().identical(trace.to_xarray())
    np.testing.assert_array_equal(on_disk.only.preactivation("f"), trace.only.preactivation("f"))
    on_disk.plot()
    for each, name in ((trace, "here"), (on_disk, "there")):
        each.save_html(tmp_path / name)
    assert (tmp_path / "there").read_text() == (tmp_path / "here").read_text()


def test_a_widget_reads_what_it_shows_and_shows_the_same(trace, on_disk):
    layer = trace.only
    here, there = (lw.LSTMWidget(each, sample=4) for each in (trace, on_disk))
    assert there._scene == here._scene
    assert there._overview == here._overview
    for sort in ("saturation", "half_life", "similarity:3"):
        here.sort = there.sort = sort
        assert there._scene["order"] == here._scene["order"]
    assert repr(there.figure()) == repr(here.figure())
    assert on_disk.only.forget_gate[4, 2:5, 1:3].tolist() == layer.forget_gate[4, 2:5, 1:3].tolist()
    assert "lstm" in repr(on_disk)


INIT = (
    "name", "cell", "direction", "mask", "inputs", "initial_state", "weights", "activations", "reset_after", "readout",
    "certificate", "origin",
)  # fmt: skip
