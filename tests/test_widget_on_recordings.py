"""LSTMWidget over several steps: a recording, one that is going on, traces side by side."""

import html
import json
import re
import shutil
import warnings

import keras
import numpy as np
import pytest
import traitlets
from small_models import data, sequential
from trainings import PROBE, L, at_each_step, fit, recorded, set_weight, small_model

import lstm_widget as lw
from lstm_widget.protocol import MAX_BYTES, MAX_STEPS
from lstm_widget.serving.shelf import Shelf


def asking(kind, **fields):
    return {"id": "v:1", "kind": kind, "layer": "lstm", "sample": 1, "step": 0, **fields}


def answered(widget, message):
    answers = []
    widget.send = lambda content, buffers=(): answers.append((content, list(buffers)))
    widget._on_message(widget, message, [])
    ((content, buffers),) = answers
    json.dumps(content, allow_nan=False)
    return content, buffers


@pytest.fixture(scope="module")
def recording():
    return recorded(epochs=4)[1].recording


def test_opens_at_the_end_of_the_training_and_goes_back(recording):
    widget = lw.LSTMWidget(recording)
    assert (widget.step, widget._scene["step"], widget.compared_step) == (3, 3, None)
    unit, timestep, order = widget.unit, widget.timestep, widget._scene["order"]
    widget.step = 1
    assert widget._scene["step"] == 1
    c = np.frombuffer(widget._overview, "<f4", 6 * 4 * 5).reshape(6, 4, 5)[4]
    np.testing.assert_array_equal(c.T, recording[1].trace["lstm"].cell_state[widget.sample])
    assert (widget.unit, widget.timestep) == (unit, timestep)
    assert widget._scene["order"] == order, "no unit may jump while one scrubs"


def test_the_prediction_of_each_step_stands_beside_its_target(recording):
    widget = lw.LSTMWidget(recording, targets=[[1.0], [2.0]], sample=1)
    for step in (3, 0):
        widget.step = step
        told = widget._scene["output"]
        assert (told["kind"], told["target"]) == ("so far", 2.0)
        said = np.frombuffer(widget._overview, "<f4", 5, told["series"]["offset"])
        np.testing.assert_allclose(said[-1], recording[step].outputs[1, 0], rtol=1e-5)


def test_the_page_is_told_of_all_steps(recording):
    told = lw.LSTMWidget(recording)._steps
    assert told["numbers"] == [0, 1, 2, 3]
    assert told["names"] == ["epoch 0", "epoch 1", "epoch 2", "epoch 3"]
    np.testing.assert_allclose(told["logs"]["loss"], [step.logs["loss"] for step in recording], rtol=1e-4)
    assert (told["marks"], told["total"], told["training"]) == ([], 4, False)
    assert lw.LSTMWidget(lw.example())._steps["names"] == [""], "a trace has one step, which needs no name"


def test_a_colour_means_the_same_number_at_every_step(recording):
    widget = lw.LSTMWidget(recording)
    ranges = []
    for step in range(4):
        widget.step = step
        ranges.append(widget._scene["ranges"])
    assert all(each == ranges[0] for each in ranges)
    most = max(np.abs(step.trace["lstm"].cell_state).max() for step in recording)
    assert 0.9 * most < ranges[0]["cell_state"][1] <= most


@pytest.mark.parametrize("step", [4, -1, 1.5, "1", None, True])
def test_python_is_told_what_is_no_step(recording, step):
    widget = lw.LSTMWidget(recording)
    with pytest.raises(traitlets.TraitError, match=r"step=.* is not in 0\.\.3"):
        widget.step = step
    with pytest.raises(traitlets.TraitError, match=r"step=.* is not in 0\.\.3"):
        lw.LSTMWidget(recording, step=step)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [(-1, 0), (1e9, 3), (10**400, 3), (2.0, 2), ("1", 2), (None, 2), ([1], 2), (True, 2), ({}, 2), (float("nan"), 2)],
)
def test_the_browsers_steps_are_made_to_fit(recording, sent, kept):
    widget = lw.LSTMWidget(recording, step=2)
    widget.set_state({"step": sent})
    assert widget.step == kept
    assert widget._scene["step"] == kept


@pytest.mark.parametrize(
    "step", [-1, 4, 10**9, 1e9, 0.0, "0", None, True, [0], {}, float("nan"), float("inf"), 10**400]
)
@pytest.mark.parametrize("kind", ["tile", "labels", "parts", "scene", "samples", "saturation"])
def test_hostile_steps_get_one_error(recording, kind, step):
    content, buffers = answered(lw.LSTMWidget(recording), asking(kind, step=step))
    assert content["kind"] == "error"
    assert "is none of the 4 that there are" in content["error"]
    assert buffers == []


@pytest.mark.parametrize(
    "sort", ["", "similarity", "similarity:4", "similarity:-1", "similarity:x", 3, None, [], "x" * 9999]
)
def test_hostile_orders_of_a_scene_get_one_error(recording, sort):
    content, _ = answered(lw.LSTMWidget(recording), asking("scene", sort=sort))
    assert content["kind"] == "error"
    assert "none of change, index, saturation, half_life, similarity:<unit> with a unit below 4" in content["error"]


def test_a_scene_that_is_not_on_screen_is_the_one_that_would_be(recording):
    widget = lw.LSTMWidget(recording, sort="similarity:2", sample=1)
    content, (overview,) = answered(widget, asking("scene", step=1, sort="similarity:2"))
    widget.step = 1
    assert json.loads(json.dumps(content["scene"])) == json.loads(json.dumps(widget._scene))
    assert overview == widget._overview
    assert len(overview) <= MAX_BYTES


def test_each_request_is_answered_with_the_numbers_of_its_step(recording):
    widget = lw.LSTMWidget(recording)
    for step in (0, 2):
        tile = asking("tile", step=step, quantities=["forget_gate"], units=[0, 1, 2, 3], start=0, stop=5, stride=1)
        _, (buffer,) = answered(widget, tile)
        found = np.frombuffer(buffer, "<f4").reshape(4, 5).T
        np.testing.assert_array_equal(found, recording[step].trace["lstm"].forget_gate[1])


# --- compared ---------------------------------------------------------------------------------------


def test_two_traces_open_as_their_difference(recording):
    widget = lw.LSTMWidget({"before": recording[0].trace, "after": recording[3].trace}, sample=1)
    assert (widget.step, widget.compared_step, widget.comparison) == (1, 0, "difference")
    assert widget._steps["names"] == ["before", "after"]
    assert widget._steps["logs"] == {}
    assert (widget._scene["step"], widget._scene["input_step"]) == (1, 1), "each has inputs of its own"
    widget.compared_step = None
    with pytest.raises(traitlets.TraitError, match=r"compared_step=2 is not in 0\.\.1 and not None"):
        widget.compared_step = 2


def test_of_two_traces_the_one_that_is_asked_for_is_compared_with_the_other(recording):
    traces = {"before": recording[0].trace, "after": recording[3].trace}
    widget = lw.LSTMWidget(traces, step=0)
    assert (widget.step, widget.compared_step, widget.comparison) == (0, 1, "difference")
    widget = lw.LSTMWidget(traces, step=0, compared_step=None)
    assert (widget.step, widget.compared_step, widget.comparison) == (0, None, "a")


def test_a_trace_without_a_name_gets_one_that_can_be_pressed(recording):
    widget = lw.LSTMWidget({"": recording[0].trace, " ": recording[1].trace, 7: recording[2].trace})
    assert widget._steps["names"] == ["trace 0", "trace 1", "7"]


def test_three_traces_open_at_the_last(recording):
    widget = lw.LSTMWidget({k: recording[k].trace for k in range(3)})
    assert (widget.step, widget.compared_step, widget.comparison) == (2, None, "a")


def test_traces_that_do_not_match_are_refused_with_all_that_differs(recording):
    model = sequential(L.GRU(3, name="lstm", return_sequences=True), L.LSTM(2, name="other"))
    other = lw.extract(model, data(2, 5, 3))
    with pytest.raises(lw.InputError) as refusal:
        lw.LSTMWidget({"before": recording[0].trace, "after": other})
    for part in (
        "'other' is in 'after' and not in 'before'",
        "'lstm' has cell lstm in 'before' and gru in 'after'",
        "'lstm' has units 4 in 'before' and 3 in 'after'",
    ):
        assert part in str(refusal.value)
    assert "timesteps" not in str(refusal.value)


@pytest.mark.parametrize("what", [{}, {"a": 1}, {"a": lw.example(), "b": None}])
def test_what_is_no_trace_is_refused_by_name(what):
    with pytest.raises(lw.InputError, match="LSTMWidget"):
        lw.LSTMWidget(what)


def test_inputs_are_not_given_twice(recording):
    with pytest.raises(lw.InputError, match="brings its inputs along"):
        lw.LSTMWidget(recording, PROBE)


# --- odd steps --------------------------------------------------------------------------------------


class Poison(keras.callbacks.Callback):
    """Weights that turn NaN in one epoch, and numbers that cannot be proved in the next."""

    def __init__(self, monkeypatch):
        super().__init__()
        self.epoch = 0
        at_each_step(monkeypatch, self.refuse)

    def refuse(self, take):
        if self.epoch == 2:
            raise lw.VerificationError("off by 1")
        return take()

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch
        if epoch == 1:
            set_weight(self.model, np.nan)


def test_steps_that_are_nan_or_unproved_are_marked_and_can_be_selected(monkeypatch):
    recorder = lw.GateRecorder(PROBE)
    fit(small_model(), Poison(monkeypatch), recorder)
    widget = lw.LSTMWidget(recorder.recording, targets=np.zeros((2, 1)))
    assert [place for place, _ in widget._steps["marks"]] == [1, 2]
    assert widget._steps["logs"]["loss"][1] is None
    assert widget.step == 1, "the last that has numbers"
    widget.step = 2
    scene = widget._scene
    assert scene["proof"] is None
    assert "off by 1" in widget._steps["marks"][1][1]
    assert np.isnan(np.frombuffer(widget._overview, "<f4", 6 * 4 * 5)).all()
    json.dumps(scene, allow_nan=False)
    for kind in ("tile", "parts", "saturation", "memory", "labels", "samples", "scene"):
        fields = {"quantities": ["cell_state"], "units": [0, 1, 2, 3], "start": 0, "stop": 2, "stride": 1, "unit": 0}
        fields |= {"timestep": 1, "text": "", "among": "all", "by": "index", "sort": "change"}
        answered(widget, asking(kind, step=2, **fields))
    assert "nothing is proved" in widget._screen.still()
    widget.figure()
    widget.step = 0
    assert widget._scene["proof"]["max_abs_error"] < 1e-5


@pytest.mark.parametrize("quantities", [["f"], ["f", "c"], ["h"]])
def test_a_recording_that_keeps_less_is_shown_with_what_it_has(quantities):
    recorder = recorded(quantities=quantities, float16=True, weights=False)[1]
    widget = lw.LSTMWidget(recorder.recording, targets=np.zeros((2, 1)))
    assert widget._scene["quantities"] == [q.name for q in recorder.recording[0].trace["lstm"].quantities]
    content, _ = answered(widget, asking("parts", unit=0, start=0, stop=2))
    assert (content["kind"], content["gates"]) == ("parts", [])


def test_a_recording_on_disk_is_read_step_by_step(tmp_path):
    recorder = recorded(epochs=3, path=tmp_path / "run")[1]
    widget = lw.LSTMWidget(lw.Recording.load(tmp_path / "run"))
    fit(small_model(), recorder, epochs=1)
    widget.notice_changes()
    assert widget._steps["names"][-1] == "fit 1, epoch 0"
    assert widget.step == 3, "the last one was on screen, so the new one is"


def test_who_comes_back_to_a_page_sees_what_another_process_recorded_meanwhile(tmp_path):
    recorder = recorded(epochs=2, path=tmp_path / "run")[1]
    widget = lw.LSTMWidget(lw.Recording.load(tmp_path / "run"))
    fit(small_model(), recorder, epochs=1)
    header, _ = answered(widget, asking("state", send=False))
    assert (len(widget._steps["numbers"]), widget.step) == (3, 2)
    assert header["revision"] == widget._shelves.revision, "the page has what came before the answer"


def test_a_recording_that_was_deleted_stays_on_screen(tmp_path):
    recorded(epochs=2, path=tmp_path / "run")
    widget = lw.LSTMWidget(lw.Recording.load(tmp_path / "run"))
    shutil.rmtree(tmp_path / "run")
    widget.notice_changes()
    assert (len(widget._steps["numbers"]), widget.step) == (2, 1)
    header, _ = answered(widget, asking("scene", step=0, sort="change"))
    assert header["kind"] in {"scene", "error"}, "what is open can still be read"


def test_of_too_many_steps_some_are_listed():
    recorder = recorded(epochs=1)[1]
    step = recorder.recording[0]
    for number in range(1, 2 * MAX_STEPS + 1):
        recorder._steps._store.add(number, step)
    told = lw.LSTMWidget(recorder.recording)._steps
    assert len(told["numbers"]) <= MAX_STEPS
    assert told["numbers"][:3] == [0, 3, 6]
    assert told["total"] == 2 * MAX_STEPS + 1
    assert len(json.dumps(told)) < MAX_BYTES


# --- live -------------------------------------------------------------------------------------------


class During(keras.callbacks.Callback):
    """What a page was sent by the end of each epoch."""

    def __init__(self, widget):
        super().__init__()
        self.widget, self.seen = widget, []

    def on_epoch_end(self, epoch, logs=None):
        told = self.widget._steps
        self.seen.append((len(told["numbers"]), told["training"], self.widget.step, self.widget._scene.get("step")))


@pytest.fixture
def unhurried(monkeypatch):
    """Each step is sent, however long that took."""
    monkeypatch.setattr("lstm_widget.pace._SHARE", 0)


def test_displayed_before_fit_it_fills_while_training_runs(unhurried):
    recorder = lw.GateRecorder(PROBE)
    widget = lw.LSTMWidget(recorder.recording, targets=np.zeros((2, 1)), unit=2, pinned=[1])
    assert widget._steps["numbers"] == []
    assert widget._scene == {}
    assert "text/html" not in widget._repr_mimebundle_()[0]
    during = During(widget)
    fit(small_model(), recorder, during)
    assert during.seen == [(1, True, 0, 0), (2, True, 1, 1), (3, True, 2, 2)]
    assert widget._steps["training"] is False
    assert (widget.layer, widget.unit, widget.pinned, widget.step) == ("lstm", 2, [1], 2)


def test_as_long_as_nobody_looks_nothing_is_made(monkeypatch):
    recorder = lw.GateRecorder(PROBE)
    widget = lw.LSTMWidget(recorder.recording)
    during, scenes, scene = During(widget), [], Shelf.scene
    monkeypatch.setattr(Shelf, "scene", lambda self, *shown: (scenes.append(self.step), scene(self, *shown))[1])
    fit(small_model(), recorder, during)
    assert during.seen == [(0, False, 0, None)] * 3
    assert scenes == [2], "once, when it is over"
    assert widget.step == 2


def test_who_looks_at_an_earlier_step_is_left_there(unhurried):
    model, recorder = recorded()
    widget = lw.LSTMWidget(recorder.recording, step=1)
    widget._repr_mimebundle_()
    fit(model, recorder)
    assert (len(widget._steps["numbers"]), widget.step, widget._scene["step"]) == (6, 1, 1)


def test_who_looks_at_an_earlier_step_is_sent_the_newest_along(unhurried, monkeypatch):
    """The page may go there while the kernel hears nothing."""
    model, recorder = recorded()
    widget, along = lw.LSTMWidget(recorder.recording, step=1, sample=1, sort="index"), []
    widget._repr_mimebundle_()
    monkeypatch.setattr(widget, "send", lambda content, buffers: along.append((content, buffers)))
    fit(model, recorder)
    assert [(content["id"], content["kind"]) for content, _ in along] == [("", "scene")] * len(along)
    assert [content["scene"]["step"] for content, _ in along][-3:] == [3, 4, 5]
    content, (overview,) = along[-1]
    widget.step = 5
    assert {**content["scene"], "proof": None} == {**widget._scene, "proof": None}
    assert overview == widget._overview
    along.clear()
    fit(model, recorder)
    assert along == [], "what is on screen is sent as such"


def test_thinning_moves_the_places_and_not_what_is_on_screen(unhurried):
    recorder = lw.GateRecorder(PROBE, max_steps=4)
    model = small_model()
    fit(model, recorder, epochs=4)
    widget = lw.LSTMWidget(recorder.recording, step=2, compared_step=0)
    widget._repr_mimebundle_()
    fit(model, recorder, epochs=1)
    assert widget._steps["numbers"] == [0, 2, 4]
    assert (widget.step, widget._scene["step"], widget.compared_step) == (1, 2, 0)
    content, _ = answered(widget, asking("labels", step=1, start=0, stop=1))
    assert "step=1 is none of the 3" in content["error"]


def test_a_compared_step_that_is_thinned_out_is_followed_by_the_one_before_it(unhurried):
    recorder = lw.GateRecorder(PROBE, max_steps=4)
    model = small_model()
    fit(model, recorder, epochs=4)
    widget = lw.LSTMWidget(recorder.recording, step=2, compared_step=1, comparison="difference")
    widget._repr_mimebundle_()
    fit(model, recorder, epochs=1)
    assert widget._steps["numbers"] == [0, 2, 4]
    assert (widget.step, widget.compared_step, widget.comparison) == (1, 0, "difference")


class Stir(keras.callbacks.Callback):
    """After each epoch the unit that moved least is the one that moves most: it writes, and forgets nothing."""

    def __init__(self, widget):
        super().__init__()
        self.widget, self.orders = widget, []

    def on_epoch_end(self, epoch, logs=None):
        self.orders.append(self.widget._scene["order"])
        kernel, recurrent, bias = self.model.get_layer("lstm").get_weights()
        unit = self.orders[0][-1]
        for block, value in enumerate((9, 9, 9, 0)):  # i, f, candidate, o
            bias[block * self.widget._scene["units"] + unit] = value
        self.model.get_layer("lstm").set_weights([kernel, recurrent, bias])


@pytest.fixture
def stirred(unhurried):
    """A widget that was on screen while units changed places, and one that was opened afterwards."""
    recorder = lw.GateRecorder(PROBE)
    widget = lw.LSTMWidget(recorder.recording)
    widget._repr_mimebundle_()
    stir = Stir(widget)
    fit(small_model(), recorder, stir)
    return widget, stir.orders, lw.LSTMWidget(recorder.recording)


def test_units_keep_their_places_until_training_is_over(stirred):
    widget, orders, afterwards = stirred
    assert orders[0] == orders[1] == orders[2]
    assert widget._scene["order"] == afterwards._scene["order"]
    assert widget._scene["order"][0] == orders[0][-1]


def test_colours_make_room_for_what_a_training_brings(stirred):
    widget, _, afterwards = stirred
    assert widget._scene["ranges"] == afterwards._scene["ranges"]
    assert widget._scene["ranges"]["cell_state"][1] > 2


def test_what_cannot_be_shown_does_not_stop_the_training(monkeypatch, unhurried):
    recorder = lw.GateRecorder(PROBE)
    widget = lw.LSTMWidget(recorder.recording)
    widget._repr_mimebundle_()

    def fail(*_):
        raise RuntimeError("no")

    monkeypatch.setattr(Shelf, "scene", fail)
    with pytest.warns(RuntimeWarning, match="could not be shown, training goes on: RuntimeError: no"):
        fit(small_model(), recorder)
    assert len(recorder.recording) == 3


def test_names_that_do_not_fit_are_said_on_the_page_once_they_can_be_known(unhurried):
    recorder = lw.GateRecorder(PROBE)
    widget = lw.LSTMWidget(recorder.recording, targets=np.zeros(7))
    widget._repr_mimebundle_()
    fit(small_model(), recorder)
    assert "targets: found 7 of them, but there are 2 samples" in widget._problem
    assert widget._scene == {}


def test_before_the_first_step_nothing_can_be_chosen():
    widget = lw.LSTMWidget(lw.GateRecorder(PROBE).recording, height=500)
    assert widget.height == 500
    with pytest.raises(traitlets.TraitError, match="unit=3: nothing can be chosen before the first step"):
        widget.unit = 3
    with pytest.raises(lw.RecordingError, match="no step yet"):
        widget.figure()
    widget.set_state({"unit": 3, "layer": "x"})
    content, _ = answered(widget, asking("labels", start=0, stop=1))
    assert "step=0 is none of the 0 that there are" in content["error"]


def test_a_widget_that_is_gone_hears_nothing(unhurried):
    recorder = lw.GateRecorder(PROBE)
    lw.LSTMWidget(recorder.recording).close()
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        fit(small_model(), recorder)


def test_a_training_that_was_interrupted_is_over_after_its_cell(unhurried):
    class Interrupt(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            if epoch == 1:
                raise KeyboardInterrupt

    recorder = lw.GateRecorder(PROBE)
    widget = lw.LSTMWidget(recorder.recording)
    widget._repr_mimebundle_()
    with pytest.raises(KeyboardInterrupt):
        fit(small_model(), recorder, Interrupt())
    assert widget._steps["training"] is True
    widget.notice_changes()
    assert widget._steps["training"] is False
    assert widget._steps["numbers"] == [0, 1]


def test_a_page_carries_the_step_on_screen(recording, tmp_path):
    widget = lw.LSTMWidget(recording, step=1, compared_step=0)
    widget.save_html(tmp_path / "gates.html")
    page = (tmp_path / "gates.html").read_text(encoding="utf-8")
    embedded = json.loads(page.split('id="lw-data">')[1].split("</script>")[0])
    assert (embedded["selection"]["step"], embedded["selection"]["compared_step"]) == (0, None)
    assert embedded["layers"]["lstm"]["scenes"][0]["scene"]["prediction"]


def test_a_recorder_or_a_step_says_what_to_show_of_it(recording):
    with pytest.raises(lw.InputError, match=r"GateRecorder alone .*LSTMWidget\(recorder\.recording\)"):
        lw.LSTMWidget(lw.GateRecorder(PROBE))
    with pytest.raises(lw.InputError, match=r"Step alone .*LSTMWidget\(step\.trace\)"):
        lw.LSTMWidget(recording[0])


def note_of(page):
    return re.findall(r'<p class="lw-page-note">(.*?)</p>', page)


def test_a_page_says_which_step_it_shows(recording, tmp_path):
    def saved(widget):
        widget.save_html(tmp_path / "page.html", title="Counting")
        return (tmp_path / "page.html").read_text("utf-8")

    widget = lw.LSTMWidget(recording, step=1)
    assert note_of(saved(widget)) == ["epoch 1"]
    assert "<p>epoch 1, layer lstm, sample 0" in widget._screen.still()
    widget.step = 2
    assert note_of(saved(widget)) == ["epoch 2"]
    assert note_of(html.unescape(widget._screen.kept())) == ["epoch 2"]
    trace = recording[0].trace
    assert note_of(saved(lw.LSTMWidget({"<before>": trace, "after": trace}, step=0))) == ["trace &lt;before&gt;"]
    assert note_of(saved(lw.LSTMWidget(trace))) == []


def test_a_page_of_weights_opens_at_the_map_and_says_why(recording, tmp_path):
    widget = lw.LSTMWidget(recording, step=1, panel="weights")
    widget.save_html(tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text("utf-8")
    assert note_of(page) == ["epoch 1; weights do not travel, so this page opens at the map"]
    assert '"panel":"map"' in page
    assert widget.panel == "weights"
