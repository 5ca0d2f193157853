"""What a saved notebook shows where no widget can run."""

import base64
import re

import nbformat
import numpy as np
import pytest
from handmade import layer_of
from nbclient import NotebookClient

import lstm_widget as lw
from lstm_widget.export.figure.tracks import changes
from lstm_widget.export.figure.window import Window
from lstm_widget.screen import Screen

PNG = re.compile(r'src="data:image/png;base64,([\w+/=]+)"')


@pytest.fixture
def alone(monkeypatch, tmp_path):
    """No settings, history or kernels of whoever runs the tests."""
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))


def html_of(widget):
    return widget._repr_mimebundle_()[0]["text/html"]


def test_the_still_says_what_is_on_screen():
    trace = lw.example()
    html = html_of(lw.LSTMWidget(trace, sample=3, unit=2, timestep=5))
    assert "layer lstm, sample 3" in html
    assert "unit 2, timestep 5" in html
    for quantity in trace.only.quantities:
        assert f"<td>{trace.only[quantity.name][3, 5, 2]:.4f}</td>" in html
    assert base64.b64decode(PNG.search(html)[1]).startswith(b"\x89PNG")
    assert len(html) < 150_000


@pytest.mark.parametrize(
    "odd",
    [
        {"sample_labels": ["<b>", "\0", "", "\u202eabc", "\U0001f680\u0634"]},
        {"timestep_labels": ["\U0001f680"] * 31, "feature_names": ["$x$", "\u0634", "", "_"]},
    ],
    ids=["samples", "timesteps"],
)
def test_odd_labels(odd):
    html = lw.LSTMWidget(lw.example(), sample=2, **odd)._screen.still()
    assert "<b>" not in html.replace("<b></b>", "")


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e38])
def test_numbers_that_are_none_are_drawn_around(value):
    numbers = np.linspace(0, 1, 12).reshape(4, 3)
    layer = layer_of(c=numbers, f=numbers)
    layer.cell_state.flags.writeable = layer.forget_gate.flags.writeable = True
    layer.cell_state[0, 1:, 1] = layer.forget_gate[0, 2, 1] = value
    trace = lw.Trace({"layer": layer}, inputs=np.zeros((1, 4, 1)), outputs=np.zeros((1, 1)))
    assert "<img" in lw.LSTMWidget(trace, unit=1, timestep=2, quantity="c")._screen.still()
    # Bars of no height, or none: nothing endless is drawn.
    window = Window(trace.only, 0, 0, 4, {})
    assert not any(np.isinf(bars).any() for bars in changes(window, 1))


def test_a_picture_that_fails_does_not_cost_the_widget(monkeypatch):
    def fail(_):
        raise RuntimeError("no font")

    monkeypatch.setattr(Screen, "still", fail)
    test_the_widget_itself_is_still_there()


def test_the_widget_itself_is_still_there():
    data, _ = lw.LSTMWidget(lw.example())._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data


def test_names_stay_text():
    evil = '"><script>alert(1)</script>'
    html = html_of(lw.LSTMWidget(lw.example(), sample_labels=[evil] * 5, timestep_labels=[evil] * 31))
    assert "<script" not in html
    assert "&amp;lt;" not in html, "escaped once"
    assert html.count('">') == html.count('<img alt="'), "no attribute was ended early"


@pytest.mark.parametrize("value", [np.nan, np.inf, 3e38])
def test_odd_numbers_take_nothing_away(value):
    trace = lw.example()
    odd = np.array(trace.only.cell_state)
    odd[0, :, 2] = value
    trace.only._values["cell_state"] = odd
    assert PNG.search(html_of(lw.LSTMWidget(trace, sample=0, unit=2, quantity="c")))


THREE = """
import numpy as np, lstm_widget as lw
example = lw.example().only
big = lw.LayerTrace(
    name="lstm", cell="lstm", direction="forward", mask=None, activations=example.activations, reset_after=False,
    values={q.name: np.random.default_rng(0).random((1, 2000, 125), "f4") for q in example.quantities},
    inputs=np.zeros((1, 2000, 1), "f4"), weights=example.weights, readout=None, certificate=example.certificate,
    initial_state={name: np.zeros((1, 125), "f4") for name in ("hidden_state", "cell_state")},
    origin=type(example.origin)(np.zeros(1, int), 2000),
)
trace = lw.Trace({"lstm": big}, inputs=np.zeros((1, 2000, 1), "f4"), outputs=np.zeros((1, 2)))
print(sum(big[q.name].nbytes for q in big.quantities))
"""


def test_a_notebook_with_three_widgets_on_six_megabytes_stays_under_ten(alone):
    shows = [nbformat.v4.new_code_cell(f"lw.LSTMWidget(trace, unit={unit})") for unit in range(3)]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(THREE), *shows])
    NotebookClient(notebook, timeout=120, kernel_name="python3", store_widget_state=True).execute()
    assert int(notebook.cells[0].outputs[0].text) == 6_000_000
    assert len(notebook.metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"]) >= 3
    assert len(nbformat.writes(notebook)) < 10_000_000
    assert all(PNG.search(cell.outputs[0].data["text/html"]) for cell in notebook.cells[1:])
