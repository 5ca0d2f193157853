"""Small models and inputs that many tests need."""

import keras
import numpy as np
import reference

STATES = {"lstm": 2, "gru": 1, "simple_rnn": 1}
SYMBOLS = {"lstm": "ifgoch", "gru": "zrgh", "simple_rnn": "h"}
LAYERS = {"lstm": keras.layers.LSTM, "gru": keras.layers.GRU, "simple_rnn": keras.layers.SimpleRNN}
CELLS = {"lstm": keras.layers.LSTMCell, "gru": keras.layers.GRUCell, "simple_rnn": keras.layers.SimpleRNNCell}


def data(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def sequential(*layers, shape=(5, 3), **options):
    return keras.Sequential([keras.Input(shape, **options), *layers])


def randomise(model, seed=0, scale=0.7):
    """Weights that are far from their first values: biases of zero would hide half of the bugs."""
    rng = np.random.default_rng(seed)
    model.set_weights([rng.uniform(-scale, scale, w.shape).astype(w.dtype) for w in model.get_weights()])
    return model


def against_reference(layer_trace, config, tolerance=1e-5):
    """Hold a layer trace against the float64 reference, fed with the trace's own inputs, mask and weights of Keras."""
    theirs = run_reference(layer_trace, config)
    for symbol in SYMBOLS[layer_trace.cell]:
        np.testing.assert_allclose(layer_trace[symbol], theirs[symbol], rtol=tolerance, atol=tolerance, err_msg=symbol)
    for symbol in {"h", "c"} & set(SYMBOLS[layer_trace.cell]):
        np.testing.assert_allclose(
            layer_trace.previous(symbol), theirs[f"{symbol}_prev"], rtol=tolerance, atol=tolerance, err_msg="previous"
        )


def run_reference(layer_trace, cell):
    """Run the reference on what the layer was given; ``cell`` is the Keras cell, asked for its fused weights."""
    bias = None if cell.bias is None else numpy(cell.bias).astype(float)
    h0 = layer_trace.initial_state["hidden_state"]
    common = {
        "mask": layer_trace.mask,
        "activation": cell.activation.__name__,
        "backward": layer_trace.direction == "backward",
    }
    weights = (numpy(cell.kernel).astype(float), numpy(cell.recurrent_kernel).astype(float), bias)
    x = np.asarray(layer_trace.inputs, float)
    if layer_trace.cell == "lstm":
        c0 = layer_trace.initial_state["cell_state"]
        return reference.lstm(x, *weights, h0=h0, c0=c0, gate=cell.recurrent_activation.__name__, **common)
    if layer_trace.cell == "gru":
        gate = cell.recurrent_activation.__name__
        return reference.gru(x, *weights, h0=h0, gate=gate, reset_after=cell.reset_after, **common)
    return reference.simple_rnn(x, *weights, h0=h0, **common)


def numpy(variable):
    """Copy a Keras variable out; NumPy may otherwise be handed its memory, which goes on changing."""
    return np.array(keras.ops.convert_to_numpy(variable))


def snapshot(model):
    """Everything of a model that an extraction could have touched, as plain numbers."""
    layers = list(model._flatten_layers())
    return {
        "variables": [numpy(v) for v in model.variables],
        "states": [numpy(s) for x in layers for s in keras.tree.flatten(getattr(x, "states", None) or [])],
        "seeds": [numpy(x.seed_generator.state) for x in layers if getattr(x, "seed_generator", None) is not None],
        "optimizer": [numpy(v) for v in getattr(getattr(model, "optimizer", None), "variables", [])],
        # After fit they are symbolic: which ones they are is all that can be compared.
        "losses": [id(loss) for x in layers for loss in x._losses],
        "dropout masks": [
            (name, vars(x).get(name)) for x in layers for name in ("_dropout_mask", "_recurrent_dropout_mask")
        ],
        "settings": [
            tuple(getattr(x, n, None) for n in ("return_sequences", "stateful", "supports_jit", "name", "built"))
            for x in layers
        ],
    }


def assert_same(before, after):
    assert before.keys() == after.keys()
    for key, values in before.items():
        assert len(values) == len(after[key]), key
        for one, other in zip(values, after[key], strict=True):
            if isinstance(one, np.ndarray):
                np.testing.assert_array_equal(one, other, err_msg=key)
            else:
                assert one == other, key
