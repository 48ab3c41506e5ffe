"""The explorer on a port of this machine."""

import contextlib
import socket
import threading

import numpy as np
import pytest
import uvicorn

from keras_gans.serving.client import RestClient, ServingError
from keras_gans.serving.explorer import Limits, load_served, serve, server
from tests.harness import gan

pytest.importorskip("requests", reason="comes with the extra `serving`")


@contextlib.contextmanager
def running(served, monkeypatch, **limits):
    """Yields the URL of the page."""
    servers, said, ready = [], [], threading.Event()

    def announce(sentence):
        said.append(sentence)
        ready.set()

    class Kept(uvicorn.Server):
        def __init__(self, config):
            super().__init__(config)
            servers.append(self)

    monkeypatch.setattr(uvicorn, "Server", Kept)
    arguments = {"browser": False, "limits": Limits(**limits), "announce": announce}
    thread = threading.Thread(target=serve, args=(served,), kwargs=arguments)
    thread.start()
    assert ready.wait(60)
    try:
        yield said[0].split()[3]
    finally:
        while not servers or not servers[0].started:
            pass
        servers[0].should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    model = gan()
    path = tmp_path_factory.mktemp("models") / "gan.keras"
    model.save(path)
    return model, load_served(path)


def received(connection):
    parts = []
    with contextlib.suppress(ConnectionResetError):
        while part := connection.recv(65536):
            parts.append(part)
    return b"".join(parts)


def test_a_client_can_be_tried_before_there_is_a_cluster(saved, monkeypatch):
    model, served = saved
    with running(served, monkeypatch) as url:
        assert url.startswith("http://127.0.0.1:")
        client = RestClient(url, "gan", retries=0)
        assert client.signatures() == served.signatures
        latents = model.draw_latents(2, seed=1)
        expected = model.generate(latents=latents)
        np.testing.assert_array_equal(client.from_latents(latents), expected)
        np.testing.assert_array_equal(client.generate(2, seed=7), model.generate(2, seed=7))
        with pytest.raises(ServingError, match="429: 1,000,000 images"):
            client.generate(1_000_000, seed=7)
        assert client.generate(1, seed=7).shape == (1, 16, 16, 1)


def test_slow_clients_are_hung_up_on_and_keep_nobody_waiting(saved, monkeypatch):
    _, served = saved
    monkeypatch.setattr(server, "HEADER_SECONDS", 1.0)
    with running(served, monkeypatch, seconds=1.0) as url:
        address = ("127.0.0.1", int(url.split(":")[2].strip("/")))
        silent, dripping, slow = (socket.create_connection(address, timeout=30) for _ in range(3))
        with silent, dripping, slow:
            dripping.sendall(b"GET / HTTP/1.1\r\nHost: ")
            head = f"Host: 127.0.0.1:{address[1]}\r\nContent-Length: 100\r\n\r\n"
            slow.sendall(f"POST /v1/models/gan:predict HTTP/1.1\r\n{head}{{".encode())
            client = RestClient(url, "gan", retries=0)
            assert client.generate(1, seed=7).shape == (1, 16, 16, 1)
            assert received(silent) == b""
            assert received(dripping) == b""
            answer = received(slow)
        assert answer.startswith(b"HTTP/1.1 408 ")
        assert b'{"error": "The body did not come within 1 seconds."}' in answer


def test_what_is_no_http_is_refused(saved, monkeypatch):
    with running(saved[1], monkeypatch) as url:
        address = ("127.0.0.1", int(url.split(":")[2].strip("/")))
        with socket.create_connection(address, timeout=30) as connection:
            connection.sendall(b"\x16\x03\x01 no HTTP at all\r\n\r\n")
            assert received(connection).startswith(b"HTTP/1.1 400 ")


def test_a_port_in_use_is_told(saved):
    with (
        socket.create_server(("127.0.0.1", 0)) as other,
        pytest.raises(OSError, match=r"in use.*another one"),
    ):
        serve(saved[1], port=other.getsockname()[1], browser=False)


def test_the_browser_is_opened_at_the_page(saved, monkeypatch):
    opened, happened = [], threading.Event()

    def open_page(url):
        opened.append(url)
        happened.set()

    monkeypatch.setattr(server.webbrowser, "open", open_page)
    monkeypatch.setattr(uvicorn.Server, "run", lambda self, sockets: happened.wait(30))
    serve(saved[1], announce=lambda sentence: opened.append(sentence.split()[3]))
    assert opened[0] == opened[1]
