"""Traces that keep fewer quantities, or no weights: what is there is drawn and shown, the rest is left out."""

import io
import json

import keras
import numpy as np
import pytest
from small_models import LAYERS, SYMBOLS, data, randomise, sequential

import lstm_widget as lw
from lstm_widget import widget as widget_module
from lstm_widget.analysis.change import busiest_units, change
from lstm_widget.analysis.half_life import half_life, longest_lived_units
from lstm_widget.analysis.memory import memory_of
from lstm_widget.analysis.parts import parts
from lstm_widget.analysis.similarity import similar_units
from lstm_widget.colours import HUES
from lstm_widget.export.figure.tracks import changes
from lstm_widget.export.figure.window import Window
from lstm_widget.recording.keeping import Keeping
from lstm_widget.serving.scene import ranges

KINDS = {
    "lstm": ("lstm", {}),
    "lstm, backward": ("lstm", {"go_backwards": True}),
    "gru": ("gru", {}),
    "gru, reset before": ("gru", {"reset_after": False}),
    "simple_rnn": ("simple_rnn", {}),
}
SUBSETS = {
    "lstm": ["i", "f", "g", "o", "c", "h", "fc", "fh", "igc", "ifgch", "ifgoch"],
    "gru": ["z", "r", "g", "h", "zh", "gh", "zgh", "zrgh"],
    "simple_rnn": ["h"],
}
ALL = [(kind, symbols) for kind, (cell, _) in KINDS.items() for symbols in SUBSETS[cell]]
TRACES = {}


def whole(kind):
    """Two samples, the second of them masked at its end."""
    if kind not in TRACES:
        cell, options = KINDS[kind]
        masking = keras.layers.Masking()
        x = data(2, 5, 3)
        x[1, 3:] = 0
        TRACES[kind] = lw.extract(randomise(sequential(masking, LAYERS[cell](4, name="rec", **options))), x)
    return TRACES[kind]


def keeping(kind, symbols, *, weights=True, float16=False):
    return Keeping(list(symbols), weights, float16).of(whole(kind))


def saved(figure):
    file = io.BytesIO()
    figure.savefig(file, format="svg")
    return file.getvalue().decode()


@pytest.mark.parametrize("weights", [True, False])
@pytest.mark.parametrize(("kind", "symbols"), ALL)
def test_whatever_was_kept_is_drawn_shown_and_exported(kind, symbols, weights, tmp_path, monkeypatch):
    trace = keeping(kind, symbols, weights=weights, float16=len(symbols) == 2)
    missing = set(SYMBOLS[trace.only.cell]) - set(symbols)
    for units in (1, [1, 2], None):
        drawn = saved(trace.plot(units=units))
        assert not [symbol for symbol in missing if f">{symbol}</text>" in drawn]
    assert list(trace.to_dataframe().columns)[4:] == [quantity.name for quantity in trace.only.quantities]
    widget = lw.LSTMWidget(trace)
    widget.figure()
    widget.save_html(tmp_path / "page.html")
    assert widget._scene["quantities"] == [quantity.name for quantity in trace.only.quantities]
    for sort in ("index", "saturation", "half_life", "similarity:2", "change"):
        widget.sort = sort
        assert sorted(widget._scene["order"]) == [0, 1, 2, 3]
    for unattended in (False, True):
        monkeypatch.setattr(widget_module, "is_unattended", lambda unattended=unattended: unattended)
        assert "text/html" in widget._repr_mimebundle_()[0]
    widget.close()


@pytest.mark.parametrize("weights", [True, False])
@pytest.mark.parametrize(("kind", "symbols"), ALL)
def test_what_can_be_said_of_a_gate_is_said(kind, symbols, weights):
    trace = keeping(kind, symbols, weights=weights)
    every = parts(whole(kind).only, 1, 2, 0, 5)
    found = parts(trace.only, 1, 2, 0, 5)
    for state, handed in every.previous.items():
        if trace.only.keeps(state):
            np.testing.assert_array_equal(found.previous[state], handed)
    assert len(found.previous) == len(set(symbols) & {"c", "h"})
    # Each gate is added up from h_prev.
    apart = set(every.by_input) if weights and "h" in symbols else set()
    apart -= set() if trace.only.reset_after or "r" in symbols or trace.only.cell != "gru" else {"candidate"}
    assert set(found.by_input) == apart
    for gate in apart:
        np.testing.assert_array_equal(found.by_recurrence[gate], every.by_recurrence[gate])


def test_the_kernel_says_what_a_state_was_without_weights():
    trace = keeping("lstm", "ifgoch", weights=False)
    widget = lw.LSTMWidget(trace)
    answers = []
    widget.send = lambda content, buffers=(): answers.append((content, buffers))
    asked = {"id": "v:1", "kind": "parts", "layer": "rec", "sample": 1, "step": 0, "unit": 2, "start": 1, "stop": 3}
    widget._on_message(widget, asked, [])
    ((content, (buffer,)),) = answers
    assert (content["gates"], content["states"]) == ([], ["hidden_state", "cell_state"])
    assert json.dumps(content)
    rows = np.frombuffer(buffer, "<f4").reshape(2, 2)
    np.testing.assert_array_equal(rows[1], trace.only.previous("c")[1, 1:3, 2])


def test_the_memory_is_what_was_kept_of_it():
    assert memory_of(keeping("lstm", "ch").only) == "cell_state"
    assert memory_of(keeping("lstm", "fh").only) == "hidden_state"
    assert memory_of(keeping("gru", "zh").only) == "hidden_state"
    without = keeping("lstm", "fo").only
    assert memory_of(without) is None
    assert change(without, 0, slice(1, 4), slice(2, 3)).shape == (3, 1)
    assert busiest_units(without, 0).tolist() == [0, 1, 2, 3]
    assert similar_units(without, 0, 2).tolist() == [2, 0, 1, 3]


def test_nothing_fades_by_a_gate_that_was_not_kept():
    layer = keeping("lstm", "ic").only
    assert np.isnan(half_life(layer, 0)).all()
    np.testing.assert_array_equal(longest_lived_units(layer, 0), busiest_units(layer, 0))


@pytest.mark.parametrize(("kind", "symbols"), [("lstm", "fc"), ("lstm, backward", "fc"), ("gru", "zh")])
def test_what_was_written_follows_from_the_memory_and_its_keeper(kind, symbols):
    def both(trace):
        layer = trace.only
        return changes(Window(layer, 0, 0, 5, ranges(layer)), 2)

    for mine, theirs in zip(both(keeping(kind, symbols)), both(whole(kind)), strict=True):
        np.testing.assert_allclose(mine, theirs, atol=1e-6)


def test_bars_stand_in_the_memorys_track_alone_and_only_where_its_keeper_was_kept():
    assert "hollow: erased" in saved(keeping("lstm", "fc").plot(units=1))
    for symbols in ("igc", "fh", "ifgo"):
        assert "hollow: erased" not in saved(keeping("lstm", symbols).plot(units=1))


@pytest.mark.parametrize(("kind", "symbols"), ALL)
def test_a_word_has_the_same_colour_whatever_else_was_kept(kind, symbols):
    few, all_of_them = keeping(kind, symbols).only, whole(kind).only
    for quantity in few.quantities:
        hue = Window(few, 0, 0, 5, {}).hue(quantity.name)
        assert hue == HUES[SYMBOLS[few.cell].index(quantity.symbol)]
        assert hue == Window(all_of_them, 0, 0, 5, {}).hue(quantity.name)
