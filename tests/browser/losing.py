"""Between a notebook's page and its server: loses what Colab is said to lose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from playwright.sync_api import Page, WebSocketRoute


@dataclass
class Losing:
    """What is lost of the traits that the kernel sends, and how much was."""

    what: Literal["nothing", "of cells", "all"] = "nothing"
    lost: int = 0

    def on(self, page: Page) -> None:
        """Stand in the websocket of a page's kernel."""
        page.route_web_socket(lambda url: "/channels" in url, self._between)

    def _between(self, page: WebSocketRoute) -> None:
        page.connect_to_server().on_message(lambda message: self._pass_on(message, page))

    def _pass_on(self, message: str | bytes, page: WebSocketRoute) -> None:
        data = message if isinstance(message, bytes) else message.encode()
        traits = b'"comm_msg"' in data and b'"update"' in data
        # The parent of what a cell sends is the request to run it; of what a page asked for, the page's own message.
        if traits and (self.what == "all" or (self.what == "of cells" and b'"execute_request"' in data)):
            self.lost += 1
        else:
            page.send(message)
