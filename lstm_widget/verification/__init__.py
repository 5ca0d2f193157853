"""Hold a solution against the layer's own run, within what rounding explains."""
