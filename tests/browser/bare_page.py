"""A widget in a browser without a Jupyter: the real bundle, the real kernel side, and a comm of two functions.

For what needs no notebook: measuring, looking, trying many states. JupyterLab itself is opened by ``conftest.py``.
"""

from __future__ import annotations

import base64
import json
import time
from typing import TYPE_CHECKING, Any

from lstm_widget import bundle

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from lstm_widget import LSTMWidget

HOST = """
const unpack = value => value && value.base64 !== undefined
  ? new DataView(Uint8Array.from(atob(value.base64), c => c.charCodeAt(0)).buffer) : value;
const callbacks = new Map(), traits = {}, changed = {};
const emit = (event, ...args) => { for (const call of [...(callbacks.get(event) ?? [])]) call(...args); };
const receive = sent => {
  for (const [name, value] of Object.entries(sent)) traits[name] = unpack(value);
  for (const name of Object.keys(sent)) emit(`change:${name}`);
};
window.model = {
  get: name => traits[name],
  set(name, value) { changed[name] = value; receive({ [name]: value }); },
  save_changes() {
    const sent = JSON.stringify(changed);
    for (const name of Object.keys(changed)) delete changed[name];
    window.lwSave(sent).then(back => receive(JSON.parse(back)));
  },
  async send(content) {
    for (const [answer, buffers] of JSON.parse(await window.lwSend(JSON.stringify(content))))
      emit("msg:custom", answer, buffers.map(unpack));
  },
  on(event, call) { callbacks.set(event, (callbacks.get(event) ?? new Set()).add(call)); },
  off(event, call) { callbacks.get(event)?.delete(call); },
};
window.show = async (source, state) => {
  receive(JSON.parse(state));
  const module = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
  const { initialize, render } = await module.default();
  const end = new AbortController();
  initialize({ model: window.model, signal: end.signal });
  render({ model: window.model, el: document.getElementById("here"), signal: end.signal });
};
"""


def show(page: Page, widget: LSTMWidget, *, width: int = 1100, dark: bool = False) -> None:
    """Put the widget on an empty page and wait until it is there."""
    sent: dict[str, str] = {}

    def news() -> str:
        state = {name: _pack(value) for name, value in widget.get_state().items() if not name.startswith("_es")}
        new = {name: value for name, value in state.items() if sent.get(name) != json.dumps(value)}
        sent.update({name: json.dumps(value) for name, value in new.items()})
        return json.dumps(new)

    def save(changed: str) -> str:
        state = json.loads(changed)
        sent.update({name: json.dumps(value) for name, value in state.items()})
        widget.set_state(state)
        return news()

    def send(content: str) -> str:
        answers: list[Any] = []
        widget.send = lambda answer, buffers=(): answers.append((answer, [_pack(b) for b in buffers]))
        widget._on_message(widget, json.loads(content), [])
        return json.dumps(answers)

    page.expose_function("lwSave", save)
    page.expose_function("lwSend", send)
    page.set_content(
        f"<!doctype html><html lang=en {'theme=dark' if dark else ''}><title>lstm_widget</title><style>"
        f"body {{ margin: 0; background: {'#171717' if dark else '#fff'} }}"
        f"</style><div id=here style='width: {width}px'></div></html>"
    )
    page.add_style_tag(content=bundle.read("widget.css"))
    page.add_script_tag(content=HOST)
    page.evaluate("([source, state]) => show(source, state)", [bundle.read("widget.js"), news()])
    page.locator(".lw-root").wait_for()


def until(page: Page, holds: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until the kernel's side has heard of what was done; it is served only while the page is waited for."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "the kernel's side never came to hold it"
        page.wait_for_timeout(20)


def _pack(value: Any) -> Any:
    return {"base64": base64.b64encode(value).decode()} if isinstance(value, bytes | memoryview) else value
