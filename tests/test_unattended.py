"""Who sent the running cell: tests/browser has real ones, nbconvert and the hosts that people sit at."""

import sys
import types

import IPython
import numpy as np
import pytest
from trainings import PROBE, fit, small_model

import lstm_widget as lw
from lstm_widget.unattended import is_unattended

BATCH = {"content": {"allow_stdin": False}}
LIVE = {"content": {"allow_stdin": True}}
VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def sent(monkeypatch):
    """Let a cell run that came with this message."""

    def by(message):
        monkeypatch.setattr(IPython, "get_ipython", lambda: types.SimpleNamespace(parent_header=message))

    return by


@pytest.mark.parametrize(
    ("message", "expected"), [(BATCH, True), (LIVE, False), ({}, False), (None, False), ({"content": None}, False)]
)
def test_it_is_said_with_the_cell(sent, message, expected):
    sent(message)
    assert is_unattended() is expected


def test_plain_python_and_ipython_are_not():
    assert not is_unattended()


def test_voila_keeps_the_kernel(sent, monkeypatch):
    sent(BATCH)
    monkeypatch.setenv("VOILA_BASE_URL", "/")
    assert not is_unattended()


def test_colab_is_never_taken_for_one(sent, monkeypatch):
    sent(BATCH)
    monkeypatch.setitem(sys.modules, "google.colab", types.ModuleType("colab"))
    assert not is_unattended()


def test_what_is_displayed_then_needs_no_kernel(sent):
    widget = lw.LSTMWidget(lw.example())
    for message, shown in ((BATCH, {"text/plain", "text/html"}), (LIVE, {"text/plain", "text/html", VIEW})):
        sent(message)
        data, _ = widget._repr_mimebundle_()
        assert set(data) == shown
        assert ("<iframe" in data["text/html"]) is (message is BATCH)


def test_the_page_has_the_sample_on_screen_where_all_are_too_many(sent, monkeypatch):
    widget = lw.LSTMWidget(lw.example(), sample=3)
    sent(BATCH)
    shown = []
    for most in (1.5, 0.28, 0.1):
        monkeypatch.setattr("lstm_widget.screen._KEPT_MB", most)
        shown.append(widget._repr_mimebundle_()[0]["text/html"])
    everything, one, picture = ("sample 2" in html for html in shown)
    assert (everything, one, picture) == (True, False, False)
    assert ["<iframe" in html for html in shown] == [True, True, False]
    assert all("sample 3" in html for html in shown[:2])


def test_what_still_waits_for_a_training_says_so_and_what_to_type(sent):
    recorder = lw.GateRecorder(PROBE)
    widget = lw.LSTMWidget(recorder.recording)
    sent(BATCH)
    data, _ = widget._repr_mimebundle_()
    assert set(data) == {"text/plain", "text/html"}
    for words in data.values():
        assert "its recording had no step" in words
        assert "type LSTMWidget(recorder.recording) in a cell after the training" in words
    sent(LIVE)
    assert set(widget._repr_mimebundle_()[0]) == {"text/plain", VIEW}
    fit(small_model(), recorder, epochs=1)
    sent(BATCH)
    assert "<iframe" in widget._repr_mimebundle_()[0]["text/html"]


def test_what_could_not_open_after_a_training_says_why(sent):
    recorder = lw.GateRecorder(PROBE)
    widget = lw.LSTMWidget(recorder.recording, targets=np.zeros(7))
    fit(small_model(), recorder, epochs=1)
    sent(BATCH)
    data, _ = widget._repr_mimebundle_()
    assert set(data) == {"text/plain", "text/html"}
    for words in data.values():
        assert "could not open: targets: found 7 of them, but there are 2 samples" in words
        assert "no step" not in words


def test_names_that_could_not_open_stay_text(sent):
    recorder = lw.GateRecorder(PROBE)
    widget = lw.LSTMWidget(recorder.recording, layer="<b>")
    fit(small_model(), recorder, epochs=1)
    sent(BATCH)
    html = widget._repr_mimebundle_()[0]["text/html"]
    assert "&lt;b&gt;" in html
    assert "<b>" not in html
