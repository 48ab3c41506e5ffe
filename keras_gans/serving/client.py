"""Clients of TensorFlow Serving, for what `publish` wrote."""

import json
import re
import secrets
import sys
import warnings
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from keras_gans.data.folders import image_files, listed, open_image
from keras_gans.data.paths import inside, local_path
from keras_gans.data.resizing import fit_image
from keras_gans.samples.pictures import save_png
from keras_gans.serving import messages, rest
from keras_gans.serving.extra import needed
from keras_gans.serving.pngs import image_of, png_of
from keras_gans.serving.rows import PNGS, in_batches, rows_of
from keras_gans.typing import FilePath, ImageArray, Latents

__all__ = ["Client", "GrpcClient", "RestClient", "ServingError"]


class ServingError(RuntimeError):
    """The server answered with an error, or not at all; the message is its own."""


class Client:
    """What both clients have in common.

    The form of images follows from the signature's name: `<name>_png` sends and receives PNGs,
    `<name>_float32` floats, others uint8.

    Args:
        model: Name that the server has the model under.
        version: Integer, or `None` for the newest.
        timeout: Seconds to wait for an answer.
        retries: Integer, how often a request is sent again where the server cannot be reached or
            is not ready. Nothing on the server changes by a request.
    """

    def __init__(
        self, model: str, version: int | None = None, timeout: float = 60.0, retries: int = 3
    ):
        self.model = model
        self.version = version
        self.timeout = timeout
        self.retries = retries
        self._known = {}

    def predict(self, inputs: Mapping[str, Any], signature: str = "serving_default") -> Any:
        """The only output of a signature, as an array; a dict of them where there are several.

        Args:
            inputs: Dict from names of tensors to arrays.
            signature: Name of the signature.

        Raises:
            ServingError: The server's error.
        """
        raise NotImplementedError(f"{type(self).__name__} must say how to `predict`.")

    def signatures(self) -> dict[str, Any]:
        """The signatures that the server offers, as `signature.json` has them."""
        raise NotImplementedError(f"{type(self).__name__} must say how to read `signatures`.")

    def _sides(self, signature):
        """What a signature takes and gives; of one that the server lacks nothing is known."""
        if signature not in self._known:
            self._known = self.signatures()
        return self._known.get(signature, {"inputs": {}, "outputs": {}})

    def generate(
        self,
        num_images: int | None = None,
        seed: int | None = None,
        latents: Latents | None = None,
        batch_size: int = 64,
        *,
        signature: str | None = None,
        **conditions: Any,
    ) -> Any:
        """Generated images: uint8 array `(num_images, height, width, channels)`.

        Args:
            num_images: Integer; may be left out where `latents` or conditions say it.
            seed: Integer: the same seed gives the same images. `None` draws one at every call.
            latents: Array `(num_images, latent_dim)` to use instead of drawn ones; a dict of arrays
                where the model has several sources.
            batch_size: Integer, latents of a request. Images of a seed come in one request, since
                the server draws their latents.
            signature: By default "generate", or "from_latents" for `latents`; or its form for
                PNGs or floats.
            **conditions: What the signature takes beside these, by name, such as `labels`: ids,
                numbers or uint8 images, with a row for each image, or one for all.

        Raises:
            ServingError: The server's error.
            ValueError: Neither or contradictory arguments, or numbers that are not finite or do
                not fit what the signature takes.
        """
        if latents is not None:
            n = len(next(iter(latents.values())) if isinstance(latents, dict) else latents)
            if seed is not None or num_images not in (None, n):
                raise ValueError(
                    f"generate() got {n} latents and also num_images={num_images}, "
                    f"seed={seed}: give either the latents, or how many to draw and a seed."
                )
            return self.from_latents(latents, signature or "from_latents", batch_size, **conditions)
        if num_images is None and not conditions:
            raise ValueError("generate() needs `num_images` or `latents`; it got neither.")
        signature = signature or "generate"
        rows = rows_of(conditions, self._sides(signature)["inputs"], num_images)
        n = len(next(iter(rows.values()))) if num_images is None else num_images
        seed = np.int64(secrets.randbits(63) if seed is None else seed)

        def drawn(rows):
            number = np.int32(len(rows.pop("images of the seed")))
            return self._images({"num_images": number, "seed": seed, **rows}, signature)

        return in_batches(drawn, {"images of the seed": np.empty(n), **rows}, max(n, 1))

    def from_latents(
        self,
        latents: Latents,
        signature: str = "from_latents",
        batch_size: int = 64,
        **conditions: Any,
    ) -> np.ndarray:
        """Images for latents: uint8 array `(n, height, width, channels)`.

        Args:
            latents: Array `(n, latent_dim)`, or a dict of arrays, as in `generate`.
            signature: "from_latents", or its form for PNGs or floats.
            batch_size: Integer, latents of a request.
            **conditions: As in `generate`.

        Raises:
            ServingError: The server's error.
            ValueError: Numbers that are not finite, or different numbers of rows.
        """
        latents = latents if isinstance(latents, dict) else {"latents": latents}
        rows = rows_of({**latents, **conditions}, self._sides(signature)["inputs"])
        return in_batches(lambda some: self._images(some, signature), rows, batch_size)

    def translate(
        self,
        images: ImageArray,
        direction: str | None = None,
        seed: int = 0,
        batch_size: int = 16,
        *,
        signature: str | None = None,
    ) -> Any:
        """Translated images: uint8 array `(n, height, width, channels)`.

        Args:
            images: uint8 array `(n, height, width, channels)`.
            direction: A direction of the model, or its form for PNGs or floats; by default the
                first direction.
            seed: Integer, of the noise where there is `noise_at_inference`.
            batch_size: Integer, images of a request.
            signature: Name of the signature, in place of that of direction and seed.

        Raises:
            ServingError: The server's error.
            ValueError: Other images, or a seed for a model without noise.
        """
        images = np.asarray(images)
        if images.ndim != 4 or images.dtype != np.uint8:
            raise ValueError(
                "translate() takes uint8 images (n, height, width, channels); these are "
                f"{images.dtype} {images.shape}."
            )
        signature = signature or direction or "serving_default"
        if seed and "_from_seed" not in signature:
            signature = self._seeded(signature)
        seeds = {"seed": np.int64(seed)} if "_from_seed" in signature else {}

        def translated(rows):
            if signature.endswith("_float32"):
                rows = {"images": rows["images"].astype("float32") / 127.5 - 1}
            return self._images({**rows, **seeds}, signature)

        return in_batches(translated, {"images": images}, batch_size)

    def _seeded(self, signature):
        """The signature of the same direction and form that takes a seed."""
        direction, form = re.fullmatch("(.*?)(_png|_float32)?", signature).groups("")
        for name in self.signatures():
            seeded = name.removesuffix(f"_from_seed{form}")
            if seeded != name and direction in (seeded, "serving_default"):
                return name
        raise ValueError(f"{self.model} translates without noise: leave `seed` out.")

    def translate_folder(
        self,
        source: FilePath,
        target: FilePath,
        signature: str = "serving_default",
        progress: Callable[[int, int, str], None] | None = None,
    ) -> Any:
        """Translate every image in a folder and in those inside it, one by one.

        What `target` holds already is not translated again: after an interruption the same call
        goes on.

        Args:
            source: Folder of images; as in `keras_gans.data.read_folder`, it may lie in a zip
                archive. Each is sent upright and in its own size, or resized and cropped where the
                signature takes one size only. Damaged ones are left out, with one warning.
            target: Folder for PNGs of the same names; created where it is missing.
            signature: As in `translate`.
            progress: Function of `(done, total, path)`, called after each image; by default one
                that prints to the standard error.

        Returns:
            List of the paths that were written.

        Raises:
            FileNotFoundError: There is no such folder.
            ServingError: The server's error, with the name of the image.
            ValueError: The folder holds no images, or two that would have one name; or the model
                has no such signature.
        """
        progress = progress or print_progress
        source = local_path(source, "The folder of images")
        target = local_path(target, "The folder for translations")
        jobs = jobs_of(source, target)
        signatures = self.signatures()
        named = signatures.get(signature.removesuffix("_png"), {"inputs": {}})
        if signature not in signatures or "images" not in named["inputs"]:
            raise ValueError(
                f"{self.model} has no signature {signature!r} that translates images; it has "
                f"{', '.join(signatures)}."
            )
        shape = named["inputs"]["images"]["shape"][1:]
        written, damaged = [], {}
        for done, (output, path) in enumerate(jobs.items(), start=1):
            if not output.exists():
                try:
                    image = read_image(path, shape)
                except Exception as error:  # A damaged file may raise nearly anything.
                    damaged[path] = error
                else:
                    self._translate_one(image, path, output, signature)
                    written.append(output)
            progress(done, len(jobs), path)
        if damaged:
            warnings.warn(
                f"Left out {len(damaged)} of {len(jobs)} images in {source}, which could not be "
                f"read: {listed(damaged)}.",
                stacklevel=2,
            )
        return written

    def _translate_one(self, image, path, output, signature):
        try:
            (translated,) = self.translate(image[None], signature=signature)
        except ServingError as error:
            raise ServingError(f"{path}: {error}") from error
        output.parent.mkdir(parents=True, exist_ok=True)
        save_png(translated, output)

    def _images(self, inputs, signature):
        """The images of a signature, which gets uint8 images as PNGs where it takes these."""
        taken = self._sides(signature)["inputs"]
        for name in [name for name in inputs if name + PNGS in taken]:
            pngs = [png_of(image) for image in inputs.pop(name)]
            inputs[name + PNGS] = np.array(pngs, object)
        output = self.predict(inputs, signature)
        return np.stack([image_of(png) for png in output]) if output.dtype == object else output


class RestClient(Client):
    """A client of the REST interface.

    Args:
        url: Such as "http://127.0.0.1:8501".
        model: See `Client`.
        version: Likewise.
        timeout: Likewise.
        retries: Likewise.

    Raises:
        ImportError: `requests` is missing, which comes with the extra "serving".
        ValueError: A URL of something else than HTTP.

    Example:

    ```python
    images = RestClient("http://127.0.0.1:8501", "dcgan").generate(4, seed=7)
    ```
    """

    def __init__(
        self,
        url: str,
        model: str,
        version: int | None = None,
        timeout: float = 60.0,
        retries: int = 3,
    ):
        super().__init__(model, version, timeout, retries)
        if not url.startswith(("http://", "https://")):
            raise ValueError(f"url begins with http:// or https://; it was {url!r}.")
        self.requests = needed("requests")
        self.url = f"{url.rstrip('/')}/v1/models/{model}"
        if version is not None:
            self.url += f"/versions/{version}"
        again = needed("urllib3").Retry(
            retries,
            backoff_factor=0.2,
            status_forcelist=(429, 502, 503, 504),
            allowed_methods=("GET", "POST"),
            raise_on_status=False,
        )
        self.session = self.requests.Session()
        for scheme in ("http://", "https://"):
            self.session.mount(scheme, self.requests.adapters.HTTPAdapter(max_retries=again))

    def predict(self, inputs: Mapping[str, Any], signature: str = "serving_default") -> Any:
        body = rest.predict_body(inputs, signature)
        answer = self._ask("POST", f"{self.url}:predict", body)
        outputs = self._sides(signature)["outputs"]
        return rest.output_of_body(answer, {name: spec["dtype"] for name, spec in outputs.items()})

    def signatures(self) -> dict[str, Any]:
        metadata = self._ask("GET", f"{self.url}/metadata")["metadata"]
        return rest.signatures_of_body(metadata["signature_def"]["signature_def"])

    def _ask(self, method, url, body=None):
        try:
            answer = self.session.request(method, url, json=body, timeout=self.timeout)
            content = answer.json()
        except self.requests.exceptions.JSONDecodeError:
            content = {"error": answer.text[:500]}
        except self.requests.exceptions.RequestException as error:
            raise ServingError(f"{url} does not answer: {error}") from error
        if not answer.ok:
            raise ServingError(f"{url} answers {answer.status_code}: {content.get('error')}")
        return content


class GrpcClient(Client):
    """A client of the gRPC interface, which sends a third of the bytes of REST.

    Args:
        address: Such as "127.0.0.1:8500".
        model: See `Client`.
        version: Likewise.
        timeout: Likewise.
        retries: Likewise, 4 at most: gRPC tries no more often.

    Raises:
        ImportError: `grpcio` or `tensorflow-serving-api` is missing; both come with the extra
            "serving".

    Example:

    ```python
    images = GrpcClient("127.0.0.1:8500", "dcgan").generate(4, seed=7)
    ```
    """

    def __init__(
        self,
        address: str,
        model: str,
        version: int | None = None,
        timeout: float = 60.0,
        retries: int = 3,
    ):
        super().__init__(model, version, timeout, retries)
        self.grpc = needed("grpc")
        self.address = address
        service = needed("tensorflow_serving.apis.prediction_service_pb2_grpc")
        self.channel = self.grpc.insecure_channel(address, options=channel_options(retries))
        self.stub = service.PredictionServiceStub(self.channel)

    def predict(self, inputs: Mapping[str, Any], signature: str = "serving_default") -> Any:
        request = messages.predict_request(self.model, inputs, signature, self.version)
        outputs = messages.arrays_of(self._ask(self.stub.Predict, request))
        return outputs if len(outputs) > 1 else next(iter(outputs.values()))

    def signatures(self) -> dict[str, Any]:
        request = messages.metadata_request(self.model, self.version)
        metadata = self._ask(self.stub.GetModelMetadata, request)
        return rest.signatures_of_body(messages.signature_defs(metadata))

    def _ask(self, method, request):
        try:
            return method(request, timeout=self.timeout)
        except self.grpc.RpcError as error:
            said = f"answers {error.code().name}"
            if error.code() is self.grpc.StatusCode.UNAVAILABLE:
                said = "does not answer, or is not ready"
            raise ServingError(f"{self.address} {said}: {error.details()}") from error


def channel_options(retries):
    policy = {
        "maxAttempts": retries + 1,
        "initialBackoff": "0.2s",
        "maxBackoff": "5s",
        "backoffMultiplier": 2,
        "retryableStatusCodes": ["UNAVAILABLE"],
    }
    method = {"name": [{"service": "tensorflow.serving.PredictionService"}]}
    if retries:
        method["retryPolicy"] = policy
    return [
        ("grpc.service_config", json.dumps({"methodConfig": [method]})),
        # Images are larger than the 4 MB that gRPC allows by itself.
        ("grpc.max_send_message_length", -1),
        ("grpc.max_receive_message_length", -1),
    ]


def jobs_of(source, target):
    """Dict from the PNGs to write to the images in a folder."""
    jobs = {}
    for name, path in image_files(source).items():
        output = inside(target, name).with_suffix(".png")
        if output in jobs:
            raise ValueError(
                f"{jobs[output]} and {path} differ in their suffix alone, and their translations "
                "would have one name. Rename one."
            )
        jobs[output] = path
    if not jobs:
        raise ValueError(f"{source} holds no images that Pillow reads. Check the path.")
    return jobs


def read_image(path, shape):
    """A picture as a signature takes it: in its own size where height and width are `None`."""
    with open_image(path) as file:
        return fit_image(file, shape)


def print_progress(done, total, path):
    print(f"{done}/{total} {path}", file=sys.stderr)
