"""Traces as people read them."""

import lstm_widget as lw
from lstm_widget.tables import layer_html, trace_html


def test_a_layer_says_what_it_holds_and_how_well_it_is_proved():
    layer = lw.example().only
    text, html = repr(layer), layer._repr_html_()
    for quantity in layer.quantities:
        assert quantity.name in text
        assert f"<i>{quantity.symbol}</i>" in html
    assert "proved when saved" in text
    assert "proved when saved" in html


def test_names_are_escaped():
    trace = lw.example()
    trace.only.name = "<script>alert(1)</script>"
    for html in (layer_html(trace.only), trace_html(trace)):
        assert "<script>" not in html
        assert "&lt;script&gt;" in html
