"""The table of bad requests, on a few of them."""

import socket
import threading

import pytest

from benchmarks import bad_requests
from tests.backends import written_once


@pytest.fixture
def answering():
    """Function that starts a server of one answer and gives its port."""
    listeners = []

    def start(answer):
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)

        def serve():
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(answer)

        threading.Thread(target=serve).start()
        return listener.getsockname()[1]

    yield start
    for listener in listeners:
        listener.close()


def test_what_comes_back_is_a_status_and_a_body(answering):
    port = answering(b'HTTP/1.1 400 Bad Request\r\nX: y\r\n\r\n{"error": "No."}')
    sent = bad_requests.predict(port, b"{")
    assert bad_requests.send(port, sent) == (400, '{"error": "No."}')
    assert bad_requests.send(answering(b""), sent) == (None, "")


def test_only_a_sentence_is_an_answer():
    assert bad_requests.is_told(400, '{"error": "No."}')
    assert bad_requests.is_told(None, "")
    for body in ("", "[]", "{}", '{"error": ""}', "<html>Traceback"):
        assert not bad_requests.is_told(500, body)


def test_what_went_wrong_stands_out():
    rows = [
        ("nothing", 400, '{"error": "a | b"}', True, True),
        ("a lot", 500, "Traceback", False, False),
        ("silence", None, "", True, True),
    ]
    lines = bad_requests.table(rows).splitlines()
    assert lines[2] == '| nothing | 400 | `{"error": "a / b"}` | yes |'
    assert lines[3] == "| a lot | **500** | `Traceback` | **NO** |"
    assert lines[4] == "| silence | hung up |  | yes |"


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    pytest.importorskip("tensorflow", reason="the models are SavedModels")
    pytest.importorskip("uvicorn", reason="comes with the extra `serving`")
    folder = tmp_path_factory.mktemp("models")
    bad_requests.save_models(folder)
    with bad_requests.explorer(folder / "gan") as port:
        yield port


@written_once
def test_bad_requests_are_refused_and_good_ones_still_answered(port):
    quick = [case for case in bad_requests.for_the_generator(port) if case[1] in (400, 403, 404)]
    assert len(quick) > 30
    for what, expected, parts, _ in quick[::4]:
        _, status, body, as_expected, after = bad_requests.tried(
            port, "gan", what, expected, parts, 0.0
        )
        assert as_expected and after and bad_requests.is_told(status, body), what
