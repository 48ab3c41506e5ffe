"""How much one request may ask for, and who may ask."""

import asyncio

import numpy as np
import pytest

from keras_gans.serving.explorer.errors import RequestError
from keras_gans.serving.explorer.limits import (
    Limits,
    OnlyFromHere,
    check_inputs,
    check_pixels,
    read_body,
)

LIMITS = Limits(body_bytes=10, seconds=0.1, images=4, model_pixels=100)


class Request:
    """One whose body comes in parts."""

    def __init__(self, *parts, pause=0):
        self.parts = parts
        self.pause = pause

    async def stream(self):
        for part in self.parts:
            await asyncio.sleep(self.pause)
            yield part


def read(request):
    return asyncio.run(read_body(request, LIMITS))


def test_ids_of_no_class_and_rows_of_different_numbers_are_refused():
    specs = {
        "num_images": {"dtype": "int32", "shape": []},
        "labels": {"dtype": "int32", "shape": [None], "low": 0, "high": 2},
    }

    def checked(n, *labels):
        inputs = {"num_images": np.array(n, "int32"), "labels": np.array(labels, "int32")}
        return check_inputs(inputs, specs, LIMITS)

    assert checked(2, 0, 2) == 2
    for labels, sentence in (
        ((0, 3), "labels must lie from 0 to 2"),
        ((-1, 0), "labels must lie from 0 to 2"),
        ((0, 1, 2), "2 by num_images, 3 by labels"),
    ):
        with pytest.raises(RequestError, match=sentence):
            checked(2, *labels)


def test_a_body_within_the_limits_is_read():
    assert read(Request(b"12345", b"67890")) == b"1234567890"


def test_a_body_that_is_too_long_or_too_slow_is_refused():
    for request, status in (
        (Request(b"12345", b"67890", b"1"), 413),
        (Request(b"1", b"2", pause=0.08), 408),
    ):
        with pytest.raises(RequestError) as refused:
            read(request)
        assert refused.value.status == status


@pytest.mark.parametrize(
    ("shape", "array", "sentence"),
    [
        ([None, 2], np.zeros((3, 3)), r"shape \[3, 3\]; the signature takes \[any, 2\]"),
        ([None, 2], np.zeros(2), r"shape \[2\]"),
        ([], np.zeros(1), r"shape \[1\]; the signature takes \[\]"),
        ([None, 2], np.zeros((5, 2)), "5 images were asked for; 4"),
    ],
)
def test_other_shapes_and_too_many_images_are_refused(shape, array, sentence):
    specs = {"x": {"dtype": "float32", "shape": shape}}
    with pytest.raises(RequestError, match=sentence):
        check_inputs({"x": array}, specs, LIMITS)


def test_the_pixels_of_all_images_are_limited():
    check_pixels(100, LIMITS)
    with pytest.raises(RequestError, match="together have 120 pixels; 100 are the most"):
        check_pixels(120, LIMITS)


def test_a_number_of_images_is_limited():
    specs = {"num_images": {"dtype": "int32", "shape": []}}
    assert check_inputs({"num_images": np.int32(4)}, specs, LIMITS) == 4
    for number, sentence in ((1_000_000, "1,000,000 images"), (-1, "0 or more")):
        with pytest.raises(RequestError, match=sentence):
            check_inputs({"num_images": np.int32(number)}, specs, LIMITS)


def answered(path="/explorer/model", **headers):
    """Which of the two, behind or refused, answers a request with such headers."""
    called = []

    async def behind(scope, receive, send):
        called.append("behind")

    def refuse(error):
        async def refused(scope, receive, send):
            called.append(error.status)

        return refused

    scope = {
        "type": "http",
        "path": path,
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    asyncio.run(OnlyFromHere(behind, refuse)(scope, None, None))
    return called[0]


def test_other_names_of_this_machine_and_other_pages_are_refused():
    assert answered(host="127.0.0.1:80") == "behind"
    assert answered(host="localhost:80", origin="http://localhost:80") == "behind"
    assert answered(host="rebound.example:80") == 403
    assert answered(host="127.0.0.1.example") == 403
    assert answered() == 403
    for origin in ("http://example.com", "http://127.0.0.1:81", "https://127.0.0.1:80", "null"):
        assert answered(host="127.0.0.1:80", origin=origin) == 403
    assert answered(host="127.0.0.1:80", origin="http://[") == 403


def test_what_costs_is_not_loaded_by_other_pages_as_a_picture():
    for site, of_the_page in ("cross-site", 403), ("same-site", 403), ("same-origin", "behind"):
        headers = {"host": "127.0.0.1:80", "sec-fetch-site": site}
        assert answered(**headers) == of_the_page
        assert answered("/", **headers) == "behind"  # Where a link leads.
    assert answered(host="127.0.0.1:80", **{"sec-fetch-site": "none"}) == "behind"
