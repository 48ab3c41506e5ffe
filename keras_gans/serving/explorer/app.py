"""The page, and TensorFlow Serving's REST interface beside it, as a web application."""

import functools
import json
import math
import re
from pathlib import Path
from typing import Any

import anyio
import numpy as np
from starlette import applications, exceptions, responses, routing

from keras_gans.latents import OnHost
from keras_gans.latents.directions import principal_directions, shrink
from keras_gans.serving.explorer.errors import RequestError
from keras_gans.serving.explorer.limits import (
    Limits,
    OnlyFromHere,
    check_inputs,
    check_pixels,
    read_body,
)
from keras_gans.serving.explorer.pictures import check_pngs, data_url, picture_of
from keras_gans.serving.explorer.points import latents_of, number
from keras_gans.serving.explorer.predict import answer_of, parse, read_request
from keras_gans.serving.rest import metadata_body, status_body
from keras_gans.serving.signatures import SIDE

FILES = {"/": "page.html", "/page.js": "page.js", "/page.css": "page.css"}
HEADERS = {
    # Nothing is loaded from elsewhere, and nobody frames the page.
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
MODEL = r"/v1/models/([^/:]+)(?:/versions/(\d+))?"
PREDICT = re.compile(f"{MODEL}:(predict)", re.IGNORECASE)
STATUS = re.compile(f"{MODEL}(?:/(metadata))?", re.IGNORECASE)
DIRECTIONS, SAMPLES = 8, 1024


def explorer_app(served: Any, limits: Limits | None = None) -> Any:
    """A web application for one person to look around in a model.

    * `GET /`: the page.
    * `GET /v1/models/<name>`, `.../metadata` and `POST /v1/models/<name>:predict`: the REST
      interface of TensorFlow Serving.

    Everything else is the page's own. The model runs one request at a time. Requests are refused
    by `limits`, where they come by another name than this machine's, and from other pages.

    Args:
        served: What `load_served` returned. The principal directions of a generator are found at
            once, in 1,024 of its images.
        limits: `Limits`.

    Returns:
        An ASGI application.

    Example:

    ```python
    uvicorn.run(explorer_app(load_served("runs/dcgan/model.keras")), host="127.0.0.1")
    ```
    """
    explorer = Explorer(served, limits or Limits())
    routes = [
        routing.Route(path, functools.partial(send_file, name)) for path, name in FILES.items()
    ]
    routes += [
        routing.Route("/explorer/model", explorer.model),
        routing.Route("/explorer/generate", explorer.generate, methods=["POST"]),
        routing.Route("/explorer/translate", explorer.translate, methods=["POST"]),
        routing.Route("/v1/{path:path}", explorer.rest, methods=["GET", "POST", "PUT", "DELETE"]),
    ]
    app = applications.Starlette(
        routes=routes,
        exception_handlers={
            RequestError: lambda request, error: refuse(error),
            exceptions.HTTPException: refusal_of_a_path,
            Exception: failure,
        },
    )
    return OnlyFromHere(app, refuse)


class Explorer:
    """What the page and the clients ask for; see `explorer_app`."""

    def __init__(self, served, limits):
        self.served = served
        self.limits = limits
        self.at_a_time = anyio.CapacityLimiter(1)
        self.found = functools.lru_cache(64)(
            lambda *chosen: directions_of(served, self.limits, dict(chosen))
        )
        if served.latent_dim is not None:
            self.directions({})

    async def in_turn(self, function, *arguments):
        """What a function returns that would keep others waiting, run in a thread."""
        run = anyio.to_thread.run_sync
        return await run(function, *arguments, limiter=self.at_a_time)

    async def model(self, request):
        """What the page needs to know before it draws itself, or when a class is chosen."""
        generates = self.served.latent_dim is not None
        chosen = {name: parsed(text) for name, text in request.query_params.items()}
        shares = (await self.in_turn(self.directions, chosen))[1] if generates else []
        return answer(
            {
                "name": self.served.name,
                "version": self.served.version,
                "shares": [float(share) for share in shares],
                "generates": generates,
                "choices": self.served.choices if generates else {},
                "codes": [{"name": n, "reach": r} for n, (_, r) in self.served.codes.items()],
                "translations": list(self.served.directions),
            }
        )

    def directions(self, chosen):
        """The directions of a class along which `amounts` go, and shares of the principal ones."""
        return self.found(*chosen_ids(chosen, self.served.choices).items())

    async def generate(self, request):
        """Images for a list of points, see `latents_of`."""
        body = await read_body(request, self.limits)
        return answer({"images": await self.in_turn(self.images_of, body)})

    def images_of(self, body):
        if self.served.latent_dim is None:
            raise RequestError(f"{self.served.name} translates images and generates none.")
        asked = parse(body)
        chosen = chosen_ids(asked.get("chosen", {}), self.served.choices)
        directions, _ = self.directions(chosen)
        latents = latents_of(asked.get("points"), directions, self.served.sources, self.limits)
        return [
            data_url(image)
            for some in made(self.served, latents, self.limits, chosen)
            for image in some
        ]

    async def translate(self, request):
        """A picture as the model takes it, and its translation."""
        name = request.query_params.get("translation")
        if name not in self.served.directions:
            offered = ", ".join(self.served.directions) or "nothing"
            raise RequestError(f"{self.served.name} offers {offered}; not {name!r}.")
        body = await read_body(request, self.limits)
        return answer({"images": await self.in_turn(self.translated, body, name)})

    def translated(self, body, name):
        picture = picture_of(body, self.served.directions[name], self.limits)
        check_pixels(math.prod(picture.shape[:2]) * self.enlargement, self.limits)
        (translation,) = self.served.run(name, {"images": picture[None]})["images"]
        return [data_url(picture), data_url(translation)]

    async def rest(self, request):
        """The REST interface of TensorFlow Serving."""
        path = request.url.path
        asked = {"POST": PREDICT, "GET": STATUS}.get(request.method)
        asked = asked and asked.fullmatch(path)
        if asked is None:
            raise RequestError(
                f"{request.method} {path} is nothing that can be asked; expected GET /v1/models/"
                f"{self.served.name}, GET .../metadata or POST ...:predict."
            )
        name, version, what = asked.groups()
        if name != self.served.name or version not in (None, str(self.served.version)):
            raise RequestError(
                f"{path} is not here; {self.served.name} is, in version {self.served.version}.", 404
            )
        if request.method == "POST":
            body = await read_body(request, self.limits)
            return await self.in_turn(self.predicted, body)
        if what:
            return answer(metadata_body(name, self.served.version, self.served.signatures))
        return answer(status_body(self.served.version))

    def predicted(self, body):
        signature, inputs, rows = read_request(body, self.served.signatures)
        number = check_inputs(inputs, self.served.signatures[signature]["inputs"], self.limits)
        sent = sum(pixels_of(name, array, self.limits) for name, array in inputs.items())
        if self.served.latent_dim is None:
            sent *= self.enlargement
        else:
            sent = max(sent, number * self.served.pixels)
        check_pixels(sent, self.limits)
        return answer(answer_of(self.served.run(signature, inputs), rows))

    @functools.cached_property
    def enlargement(self):
        """How many times as many pixels as images their translations have, by trying it."""
        name, shape = next(iter(self.served.directions.items()))
        image = np.zeros((1, shape[0] or SIDE, shape[1] or SIDE, shape[2]), "uint8")
        translated = self.served.run(name, {"images": image})["images"]
        return max(1, math.prod(translated.shape[:3]) // math.prod(image.shape[:3]))


def pixels_of(name, array, limits):
    """Pixels of all images in a tensor, which may be PNGs."""
    if array.dtype == object:
        return check_pngs(name, array, limits)
    return math.prod(array.shape[:3]) if array.ndim == 4 else 0


def chosen_ids(chosen, choices):
    """Dict from the names of all choices to ids: those that were chosen, else the first class."""
    if not isinstance(chosen, dict) or not chosen.keys() <= choices.keys():
        raise RequestError(f"What can be chosen is {', '.join(choices) or 'nothing'}.")
    return {
        name: number(chosen.get(name, 0), name, 0, len(classes) - 1, int)
        for name, classes in choices.items()
    }


def made(served, latents, limits, chosen):
    """Yields arrays of a generator's images, as many at a time as the limits allow."""
    step = max(1, min(limits.images, limits.model_pixels // served.pixels))
    for start in range(0, len(latents), step):
        yield served.images(latents[start : start + step], chosen)


def directions_of(served, limits, chosen=None):
    """The directions that a page offers: codes, then principal ones, and the shares of these.

    The principal ones are found in images of the generator's own.
    """
    random = OnHost(0)
    latents = [source.draw(random, SAMPLES) for source in served.sources.values()]
    latents = np.concatenate(latents, axis=1)
    images = [shrink(some) for some in made(served, latents, limits, chosen or {})]
    directions, shares = principal_directions(latents, np.concatenate(images), DIRECTIONS)
    places = [place for place, _ in served.codes.values()]
    codes = np.eye(served.latent_dim, dtype="float32")[places]
    return np.concatenate([codes, directions]), shares


def parsed(text):
    """A whole number in a URL; anything else stays as it is."""
    return int(text) if text.isdecimal() and len(text) < 10 else text


async def send_file(name, request):
    path = Path(__file__).parent / name
    return responses.FileResponse(path, headers=HEADERS)


def answer(content, status=200):
    return responses.Response(
        json.dumps(content), status, media_type="application/json", headers=HEADERS
    )


def refuse(error):
    return answer({"error": str(error)}, error.status)


def refusal_of_a_path(request, error):
    message = f"{request.method} {request.url.path}: {error.detail}"
    return answer({"error": message}, error.status_code)


def failure(request, error):
    return answer({"error": f"{type(error).__name__}: the server's own mistake."}, 500)
