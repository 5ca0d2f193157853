"""What is on screen at one moment; tests/export looks at the figures, pages and stills that are made of it."""

import lstm_widget as lw

ELSEWHERE = {"sample": 1, "unit": 0, "timestep": 2, "quantity": "c", "zoom": (0, 9), "height": 500}


def test_what_was_taken_stays_what_it_was():
    widget = lw.LSTMWidget(lw.example(), sample=3, unit=2, timestep=5)
    screen = widget._screen
    before = screen.still(), screen.page(samples=[1, 3], max_mb=2)
    for name, value in ELSEWHERE.items():
        setattr(widget, name, value)
    assert (screen.still(), screen.page(samples=[1, 3], max_mb=2)) == before
    now = widget._screen
    assert "sample 1" in now.still()
    assert now.page(samples=[1, 3], max_mb=2) != before[1]
