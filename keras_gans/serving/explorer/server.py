"""The explorer on a port of this machine."""

import socket
import threading
import webbrowser
from collections.abc import Callable
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from keras_gans.serving.explorer.app import explorer_app
from keras_gans.serving.explorer.limits import Limits

HEADER_SECONDS = 10.0  # Until the head of a request must have come.


def serve(
    served: Any,
    port: int = 0,
    browser: bool = True,
    limits: Limits | None = None,
    announce: Callable[[str], None] = print,
) -> None:
    """Serve the page of a model on 127.0.0.1 until Ctrl-C.

    Args:
        served: What `load_served` returned.
        port: Integer; 0 for one that is free.
        browser: Bool. Whether to open it in the browser.
        limits: `Limits`.
        announce: Function of a sentence with the URL, called when it can be opened.

    Raises:
        OSError: The port cannot be had.

    Example:

    ```python
    serve(load_served("runs/dcgan/model.keras"))
    ```
    """
    try:
        listener = socket.create_server(("127.0.0.1", port))
    except OSError as error:
        raise OSError(
            f"Port {port} cannot be had ({error.strerror}). Choose another one, or 0 for one that "
            "is free."
        ) from error
    with listener:
        config = uvicorn.Config(
            explorer_app(served, limits),
            http=Punctual,
            ws="none",
            lifespan="off",
            log_level="error",
            access_log=False,
            limit_concurrency=64,
            # One request on each connection, so that the time for its head is counted once.
            headers=[("Connection", "close")],
            timeout_graceful_shutdown=1,
        )
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        announce(f"{served.name} is at {url} until Ctrl-C.")
        if browser:
            # Some browsers stay in the foreground.
            threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()
        uvicorn.Server(config).run(sockets=[listener])


class Punctual(H11Protocol):
    """uvicorn's HTTP, which hangs up on a client that does not say what it wants.

    `limit_concurrency` counts such clients, too, and no setting of uvicorn ends them.
    """

    def connection_made(self, transport):
        super().connection_made(transport)
        # `cycle` is the request, where there is one so far.
        self.loop.call_later(HEADER_SECONDS, lambda: self.cycle or transport.close())
