"""Expected against predicted, as a figure: what is drawn for each kind of answer, and what is refused."""

import io
import re

import keras
import numpy as np
import pytest
from handmade import layer_of
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

import lstm_widget as lw
from lstm_widget.colours import tables


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def answered(outputs, timesteps=4, mask=None):
    layer = layer_of(timesteps=timesteps, mask=mask)
    return lw.Trace({"layer": layer}, inputs=np.zeros((len(outputs), timesteps, 1)), outputs=np.asarray(outputs))


def soft(values):
    powers = np.exp(values)
    return powers / powers.sum(axis=-1, keepdims=True)


def texts(figure):
    file = io.BytesIO()
    figure.savefig(file, format="svg")
    return re.findall(r"<text [^>]*>([^<]*)</text>", file.getvalue().decode())


def bands(figure):
    """All but the legend and the line below it."""
    return figure.axes[0].child_axes[2:]


def frames(axes):
    """Where the expected classes are framed, as (timestep, row)."""
    found = [patch for patch in axes.patches if isinstance(patch, Rectangle) and patch.get_edgecolor()[0] < 0.5]
    return [
        (t, int(patch.get_y() + 0.5))
        for patch in found
        for t in range(int(patch.get_x() + 0.5), int(patch.get_x() + 0.5 + patch.get_width()))
    ]


def test_a_series_is_two_lines_that_grey_tells_apart(rng):
    outputs = rng.normal(size=(3, 60, 1))
    targets = rng.normal(size=(3, 60))
    figure = answered(outputs, 60).plot_prediction(targets, sample=2)
    (track,) = bands(figure)
    said, wanted = [line for line in track.lines if len(line.get_xdata()) > 2]
    # Each line holds its ends for half a timestep.
    np.testing.assert_allclose(said.get_ydata()[1:-1], outputs[2, :, 0], rtol=1e-6)
    np.testing.assert_allclose(wanted.get_ydata()[1:-1], targets[2], rtol=1e-6)
    assert said.get_linestyle() == "-"
    assert wanted.get_linestyle() == "--"
    words = texts(figure)
    assert {"predicted", "expected", "output", "timestep"} <= set(words)
    assert f"sample 2: mean squared error {np.mean((outputs[2, :, 0] - targets[2]) ** 2):.3g}" in words


def test_each_feature_has_its_track_and_of_many_those_that_are_furthest_off(rng):
    outputs = rng.normal(size=(1, 10, 3))
    assert [text for text in texts(answered(outputs, 10).plot_prediction(outputs)) if "output" in text] == [
        "output 0",
        "output 1",
        "output 2",
    ]
    many, targets = np.zeros((1, 10, 20)), np.zeros((1, 10, 20))
    targets[..., [3, 19, 4, 8, 11, 15]] = 1
    words = texts(answered(many, 10).plot_prediction(targets))
    assert [text for text in words if re.fullmatch(r"output \d+", text)] == [
        f"output {k}" for k in (3, 4, 8, 11, 15, 19)
    ]
    assert any(text.startswith("the 6 of 20 outputs that are furthest off") for text in words)


def test_masked_steps_are_hatched_and_do_not_count(rng):
    outputs = np.zeros((1, 10, 1))
    targets = np.concatenate([np.full((1, 6), 2.0), np.full((1, 4), 99.0)], axis=1)
    trace = answered(outputs, 10, mask=[True] * 6 + [False] * 4)
    figure = trace.plot_prediction(targets)
    assert bands(figure)[0].get_xlim() == (-0.5, 5.5)
    assert "sample 0: mean squared error 4" in texts(figure)
    whole = bands(trace.plot_prediction(targets, timesteps=(0, 10)))[0]
    assert [patch.get_x() for patch in whole.patches if patch.get_hatch()] == [5.5]


@pytest.mark.parametrize("none", [-1, np.nan, "one-hot"])
def test_classes_that_are_padded_are_not_expected(rng, none):
    outputs, numbers = soft(rng.normal(size=(2, 8, 3))), rng.integers(0, 3, (2, 8))
    known = -np.log(np.take_along_axis(outputs, numbers[..., None], axis=-1))[1, :5].mean()
    targets = numbers.astype(float) if none != "one-hot" else np.eye(3)[numbers]
    targets[:, 5:] = 0 if none == "one-hot" else none
    figure = answered(outputs, 8).plot_prediction(targets, sample=1)
    assert frames(bands(figure)[0]) == list(enumerate(numbers[1, :5]))
    assert f"sample 1: cross-entropy {known:.3g} over 5 of 8 targets" in texts(figure)
    masked = answered(outputs[:1], 8, mask=[True] * 5 + [False] * 3).plot_prediction(targets[:1])
    assert any(re.fullmatch(r"sample 0: cross-entropy [\d.]+", text) for text in texts(masked)), "masks say it already"


def test_of_many_classes_padding_is_none(rng):
    outputs, targets = soft(rng.normal(size=(1, 4, 40))), np.array([[39, 39, -1, -1]])
    assert "class 39" in texts(answered(outputs).plot_prediction(targets))
    assert "sample 0: nothing is expected" in " ".join(
        texts(answered(outputs).plot_prediction(np.full_like(targets, -1)))
    )


def test_values_that_are_not_known_leave_a_gap(rng):
    outputs, targets = rng.normal(size=(1, 10, 8)), rng.normal(size=(1, 10, 8))
    targets[0, 6:], targets[0, :6, :2], outputs[0, :6, :2] = np.nan, 0, 0
    figure = answered(outputs, 10).plot_prediction(targets)
    assert not {"output 0", "output 1"} & set(texts(figure)), "what is not known is not furthest off"
    wanted = [line for track in bands(figure) for line in track.lines if line.get_linestyle() == "--"]
    assert max(line.get_xdata().max() for line in wanted) == 5.5
    assert any(text.endswith("over 48 of 80 targets") for text in texts(figure))


def test_each_number_that_was_expected_counts_alike():
    """Also where one sample has more of them: the words name how many there are."""
    figure = answered(np.zeros((2, 2))).plot_prediction(np.array([[4, np.nan], [0, 0]]))
    assert f"2 samples: mean squared error {16 / 3:.3g} over 3 of 4 targets" in texts(figure)


def test_one_sample_is_one(rng):
    words = texts(answered(np.zeros((1, 1))).plot_prediction([2.0]))
    assert "1 sample: mean squared error 4" in words


def test_a_number_a_sequence_is_a_point_a_sample(rng):
    outputs, targets = rng.normal(size=(40, 1)), rng.normal(size=40)
    figure = answered(outputs).plot_prediction(targets, sample=7)
    (band,) = bands(figure)
    wanted, said = [line for line in band.lines if line.get_marker() == "o"]
    np.testing.assert_array_equal(said.get_ydata(), outputs[:, 0])
    np.testing.assert_array_equal(wanted.get_ydata(), targets)
    assert said.get_markerfacecolor() != wanted.get_markerfacecolor()
    words = texts(figure)
    assert {"sample", "sample 7"} <= set(words)
    assert any(word.startswith("40 samples: mean squared error") for word in words)


def test_a_forecast_is_two_lines_along_its_outputs(rng):
    outputs = rng.normal(size=(4, 24))
    figure = answered(outputs).plot_prediction(outputs + 1, sample=1)
    said = next(line for line in bands(figure)[0].lines if len(line.get_xdata()) > 2)
    np.testing.assert_allclose(said.get_ydata()[1:-1], outputs[1], rtol=1e-6)
    assert "sample 1: mean squared error 1" in texts(figure)


@pytest.mark.parametrize("form", ["numbers", "a column of numbers", "one-hot"])
def test_classes_a_sequence_are_bars_and_the_expected_one_has_a_diamond(rng, form):
    outputs = soft(rng.normal(size=(4, 3)))
    numbers = np.array([0, int(outputs[1].argmin()), 1, 1])
    targets = {"numbers": numbers, "a column of numbers": numbers[:, None], "one-hot": np.eye(3)[numbers]}[form]
    figure = answered(outputs).plot_prediction(targets, sample=1)
    (band,) = bands(figure)
    np.testing.assert_array_equal([bar.get_width() for bar in band.patches], outputs[1])
    (diamond,) = [text for text in band.texts if text.get_text() == "\N{BLACK DIAMOND}"]
    assert diamond.xy[1] == numbers[1]
    words = texts(figure)
    assert {"class 0", "class 1", "class 2", "probability"} <= set(words)
    assert f"sample 1: cross-entropy {-np.log(outputs[1].min()):.3g}" in words


def test_outputs_that_are_no_probabilities_are_not_called_so(rng):
    words = texts(answered(rng.normal(size=(4, 3))).plot_prediction([0, 2, 1, 1]))
    assert "probability" not in words
    assert "sample 0" in words


def test_of_many_classes_the_expected_one_is_among_those_shown(rng):
    outputs = soft(rng.normal(size=(1, 500)))
    rarest = int(outputs[0].argmin())
    words = texts(answered(outputs).plot_prediction([rarest]))
    assert f"class {rarest}" in words
    assert any(word.startswith("24 of 500 classes") for word in words)


@pytest.mark.parametrize("form", ["numbers", "one-hot"])
def test_classes_a_timestep_are_a_map_with_a_frame_round_the_expected_one(rng, form):
    outputs = soft(rng.normal(size=(2, 8, 3)))
    numbers = rng.integers(0, 3, (2, 8))
    figure = answered(outputs, 8).plot_prediction(np.eye(3)[numbers] if form == "one-hot" else numbers, sample=1)
    (band,) = bands(figure)
    shown = band.images[0]
    np.testing.assert_allclose(np.asarray(shown.get_array()), outputs[1].T, rtol=1e-6)
    assert frames(band) == list(enumerate(numbers[1]))
    table = (shown.get_cmap()(np.arange(256))[:, :3] * 255).round().astype(np.uint8)
    assert table.tobytes().hex() == tables()["gate-light"]


def test_a_binary_answer_is_a_value(rng):
    outputs = rng.random((6, 1))
    assert "6 samples: mean squared error" in " ".join(
        texts(answered(outputs).plot_prediction(np.array([0, 1, 1, 0, 1, 0])))
    )


def test_long_series_are_thinned_in_time(rng):
    figure = answered(rng.normal(size=(1, 50_000, 1)), 50_000).plot_prediction(np.zeros((1, 50_000, 1)))
    assert max(len(line.get_xdata()) for line in bands(figure)[0].lines) <= 2010


def test_a_model_that_diverged_is_drawn_as_far_as_it_can_be():
    trace = answered(np.full((2, 5, 1), np.nan), 5)
    assert "sample 0: mean squared error nan" in texts(trace.plot_prediction(np.zeros((2, 5))))
    assert texts(answered(np.full((2, 3), np.nan)).plot_prediction([0, 1]))
    assert texts(answered(np.full((2, 5, 3), np.inf), 5).plot_prediction(np.zeros((2, 5), int)))


def test_it_is_a_figure_for_a_paper(rng):
    figure = answered(rng.normal(size=(3, 60, 2)), 60).plot_prediction(np.zeros((3, 60, 2)), width=5)
    assert figure.get_figwidth() == 5
    file = io.BytesIO()
    figure.savefig(file, format="svg")
    assert {float(size) for size in re.findall(r"font-size: ([\d.]+)px", file.getvalue().decode())} == {6.0, 8.0}
    given = Figure()
    left, right = given.subplots(1, 2)
    assert lw.example().plot_prediction(lw.example().outputs.argmax(-1), ax=right) is given
    assert right.child_axes
    assert not left.child_axes


def test_each_step_of_a_training_has_it():
    x = np.random.default_rng(0).normal(size=(16, 6, 1)).astype("float32")
    y = x.cumsum(axis=1)
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((6, 1)), keras.layers.LSTM(3, return_sequences=True), keras.layers.Dense(1)])
    model.compile("adam", "mse")
    recorder = lw.GateRecorder(x[:2])
    model.fit(x, y, epochs=2, callbacks=[recorder], verbose=0)
    figure = recorder.recording[1].trace.plot_prediction(y[:2])
    said = next(line for line in bands(figure)[0].lines if len(line.get_xdata()) > 2)
    np.testing.assert_allclose(said.get_ydata()[1:-1], model.predict(x[:2], verbose=0)[0, :, 0], atol=1e-6)


@pytest.mark.parametrize(
    ("outputs", "targets", "given", "says"),
    [
        ((4, 12, 2), np.zeros((4, 11, 2)), {}, r"\(4, 11, 2\) do not fit.*\(4, 12, 2\).*class numbers 0..1.*\(4, 12\)"),
        ((4, 1), np.zeros(96), {}, r"found 96 of them.*there are 4 samples here.*y\[:4\]"),
        ((4, 1), 3.0, {}, "found a single value.*4 samples"),
        ((4, 3), [0, 1, 2, 3], {}, "whole and in 0..2"),
        ((4, 3), [0, 1, 2, 0.5], {}, "whole and in 0..2"),
        ((4, 3), list("abcd"), {}, "no numbers; give class numbers"),
        ((4, 1), np.zeros(4), {"sample": 4}, "sample=4.*0..3"),
        ((4, 1), np.zeros(4), {"timesteps": (0, 2)}, "once a sequence"),
        ((4, 12, 1), np.zeros((4, 12)), {"timesteps": (5, 13)}, "no window.*12"),
        ((4, 1), np.zeros(4), {"width": 0}, "inches"),
        ((4, 2, 2, 2), np.zeros(4), {}, r"\(4, 2, 2, 2\).*can be drawn"),
        ((0, 2), np.zeros(0), {}, "can be drawn"),
    ],
)
def test_what_does_not_fit_is_refused_in_our_words(outputs, targets, given, says):
    with pytest.raises(lw.InputError, match=says):
        answered(np.zeros(outputs), 12).plot_prediction(targets, **given)
