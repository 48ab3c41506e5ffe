"""How much one request may ask for, and who may ask."""

import dataclasses
from urllib.parse import urlsplit

import anyio
import numpy as np

from keras_gans.serving.explorer.errors import RequestError

HOSTS = ("127.0.0.1", "localhost")


@dataclasses.dataclass(frozen=True)
class Limits:
    """How much one request may ask for.

    Args:
        body_bytes: Integer: the length of what is sent.
        seconds: Float: until all of it must have come.
        images: Integer, at a time.
        pixels: Integer: those of a picture that is shrunk to `side`, told from its header.
        model_pixels: Integer: those of all images together that go into a model, and of all that
            come out of it, told before anything is decoded or computed.
        side: Integer: pictures of any size are shrunk to it.
    """

    body_bytes: int = 8 * 2**20
    seconds: float = 10.0
    images: int = 64
    pixels: int = 20_000_000
    model_pixels: int = 2**22
    side: int = 512


async def read_body(request, limits):
    """The body of a request.

    Args:
        request: `starlette.requests.Request`.
        limits: `Limits`.

    Raises:
        RequestError: It is too long (413) or too slow (408).
    """
    parts, length = [], 0
    try:
        with anyio.fail_after(limits.seconds):
            async for part in request.stream():
                length += len(part)
                # The rest is read and forgotten: who is still sending would miss the answer.
                if length <= limits.body_bytes:
                    parts.append(part)
                else:
                    parts.clear()
    except TimeoutError as error:
        raise RequestError(
            f"The body did not come within {limits.seconds:g} seconds.", 408
        ) from error
    if length > limits.body_bytes:
        raise RequestError(
            f"The body has {length:,} bytes; {limits.body_bytes:,} are the most.", 413
        )
    return b"".join(parts)


def check_inputs(inputs, specs, limits):
    """Refuse tensors of other shapes than the signature's, and more images than the limit.

    Args:
        inputs: Dict from names to arrays.
        specs: What the signature takes, as `signature.json` has it.
        limits: `Limits`.

    Returns:
        Integer: how many images are asked for.
    """
    numbers = {}
    for name, array in inputs.items():
        shape = specs[name]["shape"]
        sides = zip(array.shape, shape, strict=False)
        if array.ndim != len(shape) or any(b not in (None, a) for a, b in sides):
            raise RequestError(
                f"The input {name} has the shape {list(array.shape)}; the signature takes "
                f"{str(shape).replace('None', 'any')}."
            )
        low, high = (specs[name].get(bound) for bound in ("low", "high"))
        is_id = array.dtype == np.int32 and high is not None
        if is_id and (np.clip(array, low, high) != array).any():
            raise RequestError(f"{name} must lie from {low} to {high}; these do not.")
        if name == "seed":
            continue
        number = len(array) if array.ndim else int(array)
        if number < 0:
            raise RequestError(f"{name} must be 0 or more; it was {number}.")
        if number > limits.images:
            raise RequestError(
                f"{number:,} images were asked for; {limits.images} are the most at a time.", 429
            )
        numbers[name] = number
    if len(set(numbers.values())) > 1:
        said = ", ".join(f"{number} by {name}" for name, number in numbers.items())
        raise RequestError(f"The request is for different numbers of images: {said}.")
    return next(iter(numbers.values()))


def check_pixels(number, limits):
    """Refuse more pixels than may go through a model at a time."""
    if number > limits.model_pixels:
        raise RequestError(
            f"All images together have {number:,} pixels; {limits.model_pixels:,} are the most at "
            "a time.",
            429,
        )


class OnlyFromHere:
    """Refuses requests that a page from elsewhere has a browser send.

    A name of another host that leads here (DNS rebinding) is told by the header `Host`, another
    page by the header `Origin`, or, where a page has what lies under `/explorer/` loaded as if it
    were a picture, by `Sec-Fetch-Site`.

    Args:
        app: The ASGI application behind it.
        refuse: Function from a `RequestError` to a response.
    """

    def __init__(self, app, refuse):
        self.app = app
        self.refuse = refuse

    async def __call__(self, scope, receive, send):
        app = self.app
        if scope["type"] == "http":
            headers = {name.decode("latin-1"): value for name, value in scope["headers"]}
            host = headers.get("host", b"").decode("latin-1")
            origin = headers.get("origin")
            site = headers.get("sec-fetch-site", b"none")  # "none" is a user who typed the URL.
            is_ours = site in (b"none", b"same-origin")
            if host.rsplit(":", 1)[0] not in HOSTS:
                app = self.refuse(RequestError(f"This is not the host {host!r}.", 403))
            elif origin is not None and netloc(origin) != host:
                app = self.refuse(
                    RequestError(f"Pages from {origin.decode('latin-1')} may not ask here.", 403)
                )
            elif scope["path"].startswith("/explorer/") and not is_ours:
                app = self.refuse(RequestError("Pages from elsewhere may not ask here.", 403))
        await app(scope, receive, send)


def netloc(origin):
    try:
        parts = urlsplit(origin.decode("latin-1"))
    except ValueError:
        return None
    return parts.netloc if parts.scheme == "http" else None
