"""LSTM, GRU and SimpleRNN in float64, straight from the papers: one sample, one timestep, one unit at a time.

Written for the tests only, and written to be read: it shares no line and no idea with `lstm_widget.equations`.
Arrays come in and go out in input order. Keras's fused weights are cut up in `fused`, and nowhere else.
"""

import math

import numpy as np

ACTIVATIONS = {
    "linear": lambda v: v,
    "sigmoid": lambda v: 1 / (1 + math.exp(-v)) if v >= 0 else math.exp(v) / (1 + math.exp(v)),
    "tanh": math.tanh,
    "relu": lambda v: max(v, 0.0),
    "hard_sigmoid": lambda v: min(max(v / 6 + 0.5, 0.0), 1.0),
    "softsign": lambda v: v / (1 + abs(v)),
    "softplus": lambda v: math.log1p(math.exp(-abs(v))) + max(v, 0.0),
    "elu": lambda v: v if v > 0 else math.expm1(v),
}


def fused(matrix, names):
    """Cut a fused weight into its gates, left to right."""
    if matrix is None:
        return dict.fromkeys(names)
    width = matrix.shape[-1] // len(names)
    return {name: np.asarray(matrix, float)[..., k * width : (k + 1) * width] for k, name in enumerate(names)}


def weighted(vector, matrix, unit):
    return math.fsum(float(vector[k]) * float(matrix[k, unit]) for k in range(len(vector)))


def bias_of(bias, unit):
    return 0.0 if bias is None else float(bias[unit])


def reading_order(timesteps, backward):
    return range(timesteps - 1, -1, -1) if backward else range(timesteps)


def empty(names, shape):
    return {name: np.full(shape, np.nan) for name in names}


def lstm(x, kernel, recurrent, bias, *, h0, c0, mask=None, activation="tanh", gate="sigmoid", backward=False):
    """Hochreiter and Schmidhuber (1997) with the forget gate of Gers, Schmidhuber and Cummins (2000)."""
    act, sigma = ACTIVATIONS[activation], ACTIVATIONS[gate]
    order = ("input", "forget", "candidate", "output")
    w, u, b = fused(kernel, order), fused(recurrent, order), fused(bias, order)
    samples, timesteps, _ = x.shape
    units = recurrent.shape[0]
    out = empty("ifgoch", (samples, timesteps, units)) | empty(("h_prev", "c_prev"), (samples, timesteps, units))
    for s in range(samples):
        h, c = list(map(float, h0[s])), list(map(float, c0[s]))
        for t in reading_order(timesteps, backward):
            out["h_prev"][s, t], out["c_prev"][s, t] = h, c
            if mask is None or mask[s, t]:
                new_h, new_c = [], []
                for n in range(units):

                    def net(name, n=n, h=h, s=s, t=t):
                        return weighted(x[s, t], w[name], n) + weighted(h, u[name], n) + bias_of(b[name], n)

                    i, f, o = sigma(net("input")), sigma(net("forget")), sigma(net("output"))
                    g = act(net("candidate"))
                    new_c.append(f * c[n] + i * g)
                    new_h.append(o * act(new_c[n]))
                    out["i"][s, t, n], out["f"][s, t, n], out["g"][s, t, n], out["o"][s, t, n] = i, f, g, o
                h, c = new_h, new_c
            out["h"][s, t], out["c"][s, t] = h, c
    return out


def gru(
    x, kernel, recurrent, bias, *, h0, mask=None, activation="tanh", gate="sigmoid", backward=False, reset_after=True
):
    """Cho et al. (2014), version 1 of the paper (``reset_after=False``), and the one that multiplies later."""
    act, sigma = ACTIVATIONS[activation], ACTIVATIONS[gate]
    order = ("update", "reset", "candidate")
    w, u = fused(kernel, order), fused(recurrent, order)
    b = fused(bias[0] if reset_after and bias is not None else bias, order)
    b_h = fused(bias[1] if reset_after and bias is not None else None, order)
    samples, timesteps, _ = x.shape
    units = recurrent.shape[0]
    out = empty(("z", "r", "g", "h", "h_prev"), (samples, timesteps, units))
    for s in range(samples):
        h = list(map(float, h0[s]))
        for t in reading_order(timesteps, backward):
            out["h_prev"][s, t] = h
            if mask is None or mask[s, t]:
                both = {}
                for name in ("update", "reset"):
                    both[name] = [
                        sigma(
                            weighted(x[s, t], w[name], n)
                            + bias_of(b[name], n)
                            + weighted(h, u[name], n)
                            + bias_of(b_h[name], n)
                        )
                        for n in range(units)
                    ]
                z, r = both["update"], both["reset"]
                new_h = []
                for n in range(units):
                    seen = weighted(x[s, t], w["candidate"], n) + bias_of(b["candidate"], n)
                    if reset_after:
                        kept = r[n] * (weighted(h, u["candidate"], n) + bias_of(b_h["candidate"], n))
                    else:
                        kept = weighted([r[m] * h[m] for m in range(units)], u["candidate"], n)
                    g = act(seen + kept)
                    new_h.append(z[n] * h[n] + (1 - z[n]) * g)
                    out["z"][s, t, n], out["r"][s, t, n], out["g"][s, t, n] = z[n], r[n], g
                h = new_h
            out["h"][s, t] = h
    return out


def simple_rnn(x, kernel, recurrent, bias, *, h0, mask=None, activation="tanh", backward=False):
    """Elman (1990)."""
    act = ACTIVATIONS[activation]
    samples, timesteps, _ = x.shape
    units = recurrent.shape[0]
    out = empty(("h", "h_prev"), (samples, timesteps, units))
    for s in range(samples):
        h = list(map(float, h0[s]))
        for t in reading_order(timesteps, backward):
            out["h_prev"][s, t] = h
            if mask is None or mask[s, t]:
                h = [
                    act(weighted(x[s, t], kernel, n) + weighted(h, recurrent, n) + bias_of(bias, n))
                    for n in range(units)
                ]
            out["h"][s, t] = h
    return out
