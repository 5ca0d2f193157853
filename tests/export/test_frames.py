"""Traces as a table and as a tree of labelled arrays."""

import sys

import numpy as np
import pytest
from handmade import layer_of

import lstm_widget as lw
from lstm_widget.export import dataframe


@pytest.fixture
def trace():
    return lw.example()


def two_cells():
    layers = {"a/lstm": layer_of(name="a/lstm"), "b": layer_of("gru", name="b", timesteps=2, units=1)}
    return lw.Trace(layers, inputs=np.zeros((1, 4, 1)), outputs=np.zeros((1, 2)))


def test_a_row_of_the_table_is_a_cell_of_the_arrays(trace):
    table = trace.to_dataframe()
    layer = trace.only
    assert len(table) == np.prod(layer.shape)
    assert list(table.columns) == ["layer", "sample", "timestep", "unit", *(q.name for q in layer.quantities)]
    row = table.iloc[(3 * layer.timesteps + 7) * layer.units + 5]
    assert (row["layer"], row["sample"], row["timestep"], row["unit"]) == ("lstm", 3, 7, 5)
    for quantity in layer.quantities:
        assert row[quantity.name] == layer[quantity.name][3, 7, 5]
    assert table.forget_gate.dtype == np.float32


def test_masked_steps_are_nan_in_the_table(trace):
    gone = trace.to_dataframe().query("sample == 0 and timestep == 20")
    assert gone.forget_gate.isna().all()
    assert gone.cell_state.notna().all(), "states are the carried ones"


def test_layers_of_different_cells_share_a_table():
    table = two_cells().to_dataframe()
    assert list(table.layer.cat.categories) == ["a/lstm", "b"]
    assert table.query("layer == 'b'").forget_gate.isna().all()
    assert table.query("layer == 'b'").update_gate.notna().all()
    assert table.groupby("layer", observed=True).size().to_dict() == {"a/lstm": 12, "b": 2}


def test_a_table_that_does_not_fit_is_refused_before_it_is_made(trace, monkeypatch):
    monkeypatch.setattr(dataframe, "free_bytes", lambda: 1000)
    with pytest.raises(lw.TraceTooLargeError, match=r"1,240 rows.*samples=.*to_xarray"):
        trace.to_dataframe()


def test_the_tree_has_named_dimensions_and_copies_nothing(trace):
    tree = trace.to_xarray()
    node = tree["lstm"]
    assert dict(node.sizes) == {"sample": 5, "timestep": 31, "unit": 8}
    assert np.shares_memory(node.forget_gate.values, trace.only.forget_gate)
    assert node.forget_gate.sel(sample=3, unit=2).dims == ("timestep",)
    assert node.forget_gate.attrs["symbol"] == "f"
    np.testing.assert_array_equal(node.input_row, trace.only.origin.rows)
    np.testing.assert_array_equal(node["mask"], trace.only.mask)
    assert "proved" in node.attrs["certificate"]


def test_names_with_a_slash_are_paths_in_the_tree():
    tree = two_cells().to_xarray()
    assert tree["a/lstm"].attrs["cell"] == "lstm"
    assert "mask" not in tree["b"]


@pytest.mark.parametrize(("package", "method"), [("pandas", "to_dataframe"), ("xarray", "to_xarray")])
def test_without_the_package_the_error_says_what_to_type(trace, monkeypatch, package, method):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(lw.MissingPackageError, match=rf"{package}.*pip install 'lstm-widget\[tables\]'"):
        getattr(trace, method)()
