"""Each way in which people put recurrent layers into a model: right names, right numbers, the model's own outputs."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from proved_later import assert_proved_later_alike
from small_models import CELLS, LAYERS, against_reference, data, randomise, sequential

import lstm_widget as lw

L = keras.layers


def extract(model, inputs, **options):
    """Extract, and hold what the model returned against what predict gives."""
    randomise(model)
    trace = lw.extract(model, inputs, **options)
    rows = options.get("samples", slice(None))
    predicted = [array[rows] for array in keras.tree.flatten(model.predict(inputs, verbose=0))]
    for ours, theirs in zip(keras.tree.flatten(trace.outputs), predicted, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-6)
    if not options:
        assert_proved_later_alike(model, inputs, trace)
    return trace


def masked_data(samples=4, timesteps=6, features=3):
    x = data(samples, timesteps, features)
    x[0, 4:] = 0  # right
    x[1, :2] = 0  # left
    x[2, 2:4] = 0  # interior
    x[3] = 0  # all of it
    return x


@pytest.mark.parametrize("kind", LAYERS)
def test_sequential(kind):
    model = sequential(LAYERS[kind](4, name="rec", return_sequences=True), L.Dense(2))
    trace = extract(model, data(3, 5, 3))
    assert list(trace) == ["rec"]
    against_reference(trace["rec"], model.get_layer("rec").cell)


@pytest.mark.parametrize("kind", CELLS)
def test_rnn_round_one_cell(kind):
    model = sequential(L.RNN(CELLS[kind](4), name="rnn"))
    trace = extract(model, data(3, 5, 3))
    assert list(trace) == ["rnn"]
    against_reference(trace["rnn"], model.get_layer("rnn").cell)


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("backwards", [False, True])
def test_stacked_cells_each_have_a_name_and_their_own_input(masked, backwards):
    cells = [L.LSTMCell(4, name="low"), L.GRUCell(5, name="middle"), L.LSTMCell(2, name="high")]
    rnn = L.RNN(cells, name="rnn", go_backwards=backwards, return_sequences=True)
    model = sequential(*([L.Masking()] if masked else []), rnn, shape=(6, 3))
    trace = extract(model, masked_data())
    assert list(trace) == ["rnn/low", "rnn/middle", "rnn/high"]
    for name, cell in zip(trace, cells, strict=True):
        against_reference(trace[name], cell)
    # What one cell gives is what the next one gets.
    ran = np.ones((4, 6), bool) if trace["rnn/low"].mask is None else trace["rnn/low"].mask
    np.testing.assert_array_equal(trace["rnn/middle"].inputs[ran], trace["rnn/low"]["h"][ran])


@pytest.mark.parametrize("merge_mode", ["concat", "sum", "mul", "ave", None])
@pytest.mark.parametrize("masked", [False, True])
def test_bidirectional(merge_mode, masked):
    both = L.Bidirectional(L.LSTM(4, return_sequences=True), merge_mode=merge_mode, name="both")
    i = keras.Input((6, 3))
    model = keras.Model(i, both(L.Masking()(i) if masked else i))
    trace = extract(model, masked_data())
    assert [lt.direction for lt in trace.values()] == ["forward", "backward"]
    assert all(name.startswith("both/") for name in trace)
    assert all((lt.mask is not None) == masked for lt in trace.values())
    for lt, layer in zip(trace.values(), (both.forward_layer, both.backward_layer), strict=True):
        against_reference(lt, layer.cell)


@pytest.mark.parametrize("kind", LAYERS)
def test_bidirectional_that_returns_the_last_step_only(kind):
    both = L.Bidirectional(LAYERS[kind](4))
    trace = extract(sequential(both), data(2, 5, 3))
    forward, backward = trace.values()
    # In input order the backward layer's last word is at t = 0.
    np.testing.assert_allclose(trace.outputs[:, :4], forward["h"][:, -1], atol=1e-6)
    np.testing.assert_allclose(trace.outputs[:, 4:], backward["h"][:, 0], atol=1e-6)


@pytest.mark.parametrize("kind", LAYERS)
def test_unrolled_bidirectional_under_a_mask(kind):
    """Keras 3.15 zeroes the wrong timesteps there; the gates are right all the same."""
    both = L.Bidirectional(LAYERS[kind](4, return_sequences=True, unroll=True))
    trace = extract(sequential(L.Masking(), both, shape=(6, 3)), masked_data())
    for lt, layer in zip(trace.values(), (both.forward_layer, both.backward_layer), strict=True):
        against_reference(lt, layer.cell)


def test_two_different_layers_in_a_bidirectional():
    both = L.Bidirectional(L.LSTM(4, name="ahead"), backward_layer=L.GRU(4, go_backwards=True, name="back"), name="b")
    trace = extract(sequential(both), data(2, 5, 3))
    assert {name: lt.cell for name, lt in trace.items()} == {"b/forward_ahead": "lstm", "b/back": "gru"}


def test_time_distributed_counts_each_outer_step_as_a_sample():
    inner = L.LSTM(4, return_sequences=True, name="inner")
    model = sequential(L.TimeDistributed(inner, name="td"), shape=(2, 5, 3))
    x = data(3, 2, 5, 3)
    trace = extract(model, x)
    lt = trace["td/inner"]
    assert lt.shape == (6, 5, 4)
    for sample in range(6):
        index = lt.origin.index(sample, 3)
        assert index == (sample // 2, sample % 2, 3)
        np.testing.assert_array_equal(lt.inputs[sample, 3], x[index])
    against_reference(lt, inner.cell)


def test_time_distributed_in_time_distributed():
    inner = L.GRU(4, name="inner")
    model = sequential(L.TimeDistributed(L.TimeDistributed(inner), name="td"), shape=(2, 3, 5, 1))
    x = data(2, 2, 3, 5, 1)
    (lt,) = extract(model, x).values()
    assert lt.shape == (12, 5, 4)
    for sample in range(12):
        np.testing.assert_array_equal(lt.inputs[sample, 1], x[lt.origin.index(sample, 1)])
    against_reference(lt, inner.cell)


def test_time_distributed_model_of_two_layers_over_two_batches():
    inner = sequential(L.LSTM(4, return_sequences=True, name="a"), L.Bidirectional(L.GRU(2), name="b"))
    model = sequential(L.TimeDistributed(inner, name="td"), shape=(2, 5, 3))
    x = data(5, 2, 5, 3)
    trace = extract(model, x, batch_size=3, samples=[4, 0])
    assert [lt.shape for lt in trace.values()] == [(4, 5, 4), (4, 5, 2), (4, 5, 2)]
    lt = next(iter(trace.values()))
    assert [lt.origin.index(s, 0)[:2] for s in range(4)] == [(4, 0), (4, 1), (0, 0), (0, 1)]
    np.testing.assert_array_equal(lt.inputs.reshape(2, 2, 5, 3), x[[4, 0]])


def test_a_nested_model_is_part_of_the_name():
    sub = sequential(L.LSTM(4, name="lstm", return_sequences=True))
    sub.name = "sub"
    i = keras.Input((5, 3))
    trace = extract(keras.Model(i, L.GRU(2, name="top")(sub(i))), data(2, 5, 3))
    assert list(trace) == ["sub/lstm", "top"]


def test_the_second_call_of_a_shared_layer_is_numbered():
    i, j = keras.Input((5, 3), name="left"), keras.Input((5, 3), name="right")
    encoder = L.LSTM(4, name="encoder")
    model = keras.Model([i, j], L.Concatenate()([encoder(i), encoder(j)]))
    x, y = data(2, 5, 3, seed=1), data(2, 5, 3, seed=2)
    trace = extract(model, [x, y])
    assert list(trace) == ["encoder", "encoder#2"]
    np.testing.assert_array_equal(trace["encoder"].inputs, x)
    np.testing.assert_array_equal(trace["encoder#2"].inputs, y)
    against_reference(trace["encoder#2"], encoder.cell)


class Subclassed(keras.Model):
    def __init__(self):
        super().__init__()
        self.first = L.LSTM(4, return_sequences=True, name="first")
        self.second = L.GRU(3, name="second")
        self.head = L.Dense(1)

    def call(self, inputs):
        return self.head(self.second(self.first(inputs)))


def test_subclassed():
    model, x = Subclassed(), data(3, 5, 3)
    model(x)
    trace = extract(model, x)
    assert list(trace) == ["first", "second"]
    against_reference(trace["first"], model.first.cell)
    against_reference(trace["second"], model.second.cell)


class Holder:
    """Keras follows attributes, lists and dicts; not this."""

    def __init__(self, layer):
        self.layer = layer


class Untracked(keras.Model):
    def __init__(self):
        super().__init__()
        self.hidden = Holder(L.LSTM(4, name="hidden"))

    def call(self, inputs):
        return self.hidden.layer(inputs)


def test_a_layer_that_keras_does_not_track():
    model, x = Untracked(), data(3, 5, 3)
    model(x)
    assert not model.weights
    trace = lw.extract(model, x)
    assert list(trace) == ["hidden"]
    against_reference(trace["hidden"], model.hidden.layer.cell)


def test_encoder_decoder_hands_its_states_over():
    source, target = keras.Input((5, 3)), keras.Input((4, 2))
    _, h, c = L.LSTM(4, return_state=True, name="encoder")(source)
    decoder = L.LSTM(4, return_sequences=True, name="decoder")
    model = keras.Model([source, target], decoder(target, initial_state=[h, c]))
    trace = extract(model, [data(3, 5, 3), data(3, 4, 2)])
    handed_over = trace["decoder"].initial_state
    np.testing.assert_array_equal(handed_over["hidden_state"], trace["encoder"]["h"][:, -1])
    np.testing.assert_allclose(handed_over["cell_state"], trace["encoder"]["c"][:, -1], atol=1e-6)
    against_reference(trace["decoder"], decoder.cell)


def test_masking():
    layer = L.LSTM(4, return_sequences=True)
    x = masked_data()
    lt = extract(sequential(L.Masking(), layer, shape=(6, 3)), x).only
    np.testing.assert_array_equal(lt.mask, x.any(axis=-1))
    against_reference(lt, layer.cell)
    assert np.isnan(lt["f"][3]).all()
    assert (lt["c"][3] == 0).all()


def test_embedding_that_masks_zero():
    tokens = np.array([[3, 1, 0, 0], [0, 2, 0, 4], [0, 0, 0, 0]])
    layer = L.GRU(4)
    model = keras.Sequential([keras.Input((4,), dtype="int32"), L.Embedding(5, 3, mask_zero=True), layer])
    trace = extract(model, tokens)
    np.testing.assert_array_equal(trace.only.mask, tokens != 0)
    np.testing.assert_array_equal(trace.inputs, tokens)
    against_reference(trace.only, layer.cell)


def test_a_subclass_of_a_layer_that_leaves_the_equations_alone():
    class Named(L.LSTM):
        def call(self, sequences, initial_state=None, mask=None, training=False):
            return 2.0 * super().call(sequences, initial_state, mask, training)

    layer = Named(4, name="named")
    against_reference(extract(sequential(layer), data(2, 5, 3))["named"], layer.cell)


def test_a_layer_within_a_layer_of_the_users_own():
    class Block(L.Layer):
        def __init__(self):
            super().__init__(name="block")
            self.inner = L.LSTM(4, name="inner")

        def call(self, inputs):
            return self.inner(inputs * 2.0)

    block = Block()
    trace = extract(sequential(block), data(2, 5, 3))
    against_reference(trace["block/inner"], block.inner.cell)


@pytest.mark.parametrize("kind", LAYERS)
def test_a_bare_layer_in_place_of_a_model(kind):
    layer = LAYERS[kind](4, name="bare")
    layer.build((None, 5, 3))
    trace = lw.extract(layer, data(2, 5, 3))
    assert list(trace) == ["bare"]
    np.testing.assert_allclose(trace.outputs, trace["bare"]["h"][:, -1], atol=1e-6)
    against_reference(trace.only, layer.cell)


def test_a_bare_bidirectional():
    layer = L.Bidirectional(L.LSTM(4), name="both")
    layer.build((None, 5, 3))
    assert [lt.direction for lt in lw.extract(layer, data(2, 5, 3)).values()] == ["forward", "backward"]


@pytest.mark.parametrize("dtype", ["float64", "mixed_float16", "mixed_bfloat16"])
@pytest.mark.parametrize("kind", LAYERS)
def test_other_precisions(kind, dtype):
    layer = LAYERS[kind](4, dtype=dtype, return_sequences=True)
    model = randomise(sequential(layer))
    trace = lw.extract(model, data(3, 5, 3))
    assert trace.only["h"].dtype == ("float64" if dtype == "float64" else "float32")
    assert layer.compute_dtype in trace.only.certificate.run
    against_reference(trace.only, layer.cell, {"float64": 1e-12, "mixed_float16": 1e-2, "mixed_bfloat16": 1e-1}[dtype])


def test_dropout_is_off_as_in_predict():
    layer = L.LSTM(4, dropout=0.5, recurrent_dropout=0.5, return_sequences=True)
    trace = extract(sequential(layer, L.Dropout(0.5)), data(3, 5, 3))
    against_reference(trace.only, layer.cell)


@pytest.mark.parametrize("kind", LAYERS)
def test_a_layer_under_xla(kind):
    layer = LAYERS[kind](4, go_backwards=True)
    model = randomise(sequential(L.Masking(), layer, shape=(6, 3)))
    trace = lw.extract(model, masked_data(), jit_compile=True)
    assert "XLA" in trace.only.certificate.run
    against_reference(trace.only, layer.cell)


@pytest.mark.parametrize("rows", [1, 2])
def test_rows_folded_by_the_models_own_reshape_are_refused(rows):
    """Six samples of two rows: keeping two of them, as if they were the rows, would be a silent lie."""
    i = keras.Input((3, 5, 2))
    h = L.LSTM(4, name="words")(keras.ops.reshape(i, (-1, 5, 2)))
    model = keras.Model(i, L.GRU(2, name="sentences")(keras.ops.reshape(h, (-1, 3, 4))))
    x = data(rows, 3, 5, 2)
    with pytest.raises(lw.UnsupportedLayerError, match=rf"'words' ran on {3 * rows} samples.*TimeDistributed"):
        lw.extract(model, x)
    assert list(lw.extract(model, x, layers=["sentences"])) == ["sentences"]


def test_a_layer_inside_a_graph_can_be_left_out():
    # tf.vectorized_map traces what it maps: nobody can read a tensor in there, and nobody asked to.
    inner = keras.layers.GRU(3, name="inner")
    inner.build((None, 5, 2))

    class Mapped(keras.Model):
        def __init__(self):
            super().__init__()
            self.inner = inner
            self.lstm = keras.layers.LSTM(4, name="lstm")

        def call(self, x):
            mapped = tf.vectorized_map(lambda row: self.inner(row[None])[0], x)
            return self.lstm(x), mapped

    model = Mapped()
    x = np.random.default_rng(0).normal(size=(2, 5, 2)).astype("float32")
    model(x)
    with pytest.raises(lw.UnsupportedLayerError, match="graph"):
        lw.extract(model, x)
    assert list(lw.extract(model, x, layers=["lstm"])) == ["lstm"]
