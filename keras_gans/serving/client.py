"""Clients of TensorFlow Serving, for what `publish` wrote."""

import json
import sys

import numpy as np

from keras_gans.callbacks.pictures import save_png
from keras_gans.data.folders import image_files, open_image
from keras_gans.data.paths import inside, local_path
from keras_gans.data.resizing import fit_image
from keras_gans.serving import messages, rest
from keras_gans.serving.extra import needed
from keras_gans.serving.pngs import image_of, png_of


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

    def __init__(self, model, version=None, timeout=60.0, retries=3):
        self.model = model
        self.version = version
        self.timeout = timeout
        self.retries = retries

    def predict(self, inputs, signature="serving_default"):
        """The only output of a signature, as an array.

        Args:
            inputs: Dict from names of tensors to arrays.
            signature: Name of the signature.

        Raises:
            ServingError: The server's error.
        """
        raise NotImplementedError(f"{type(self).__name__} must say how to `predict`.")

    def signatures(self):
        """The signatures that the server offers, as `signature.json` has them."""
        raise NotImplementedError(f"{type(self).__name__} must say how to read `signatures`.")

    def generate(self, num_images, seed, signature="generate"):
        """Generated images: uint8 array `(num_images, height, width, channels)`.

        Args:
            num_images: Integer.
            seed: Integer: the same seed gives the same images.
            signature: "generate", or its form for PNGs or floats.
        """
        inputs = {"num_images": np.int32(num_images), "seed": np.int64(seed)}
        return self._images(self.predict(inputs, signature))

    def from_latents(self, latents, signature="from_latents"):
        """Images for latents: uint8 array `(n, height, width, channels)`.

        Args:
            latents: Array `(n, latent_dim)`.
            signature: "from_latents", or its form for PNGs or floats.
        """
        latents = np.asarray(latents, "float32")
        return self._images(self.predict({"latents": latents}, signature))

    def translate(self, images, signature="serving_default", seed=None):
        """Translated images: uint8 array `(n, height, width, channels)`.

        Args:
            images: uint8 array `(n, height, width, channels)`.
            signature: A direction of the model, or its form for PNGs or floats.
            seed: Integer, for signatures `<direction>_from_seed`.
        """
        images = np.asarray(images)
        if images.ndim != 4 or images.dtype != np.uint8:
            raise ValueError(
                "translate() takes uint8 images (n, height, width, channels); these are "
                f"{images.dtype} {images.shape}."
            )
        if signature.endswith("_png"):
            inputs = {"images_png_bytes": np.array([png_of(image) for image in images], object)}
        elif signature.endswith("_float32"):
            inputs = {"images": images.astype("float32") / 127.5 - 1}
        else:
            inputs = {"images": images}
        if seed is not None:
            inputs["seed"] = np.int64(seed)
        return self._images(self.predict(inputs, signature))

    def translate_folder(self, source, target, signature="serving_default", progress=None):
        """Translate every image in a folder and in those inside it, one by one.

        What `target` holds already is not translated again: after an interruption the same call
        goes on.

        Args:
            source: Folder of images; as in `keras_gans.data.read_folder`, it may lie in a zip
                archive. Each is sent upright and in its own size, or resized and cropped where the
                signature takes one size only.
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
        jobs = jobs_of(source, local_path(target, "The folder of translations"))
        signatures = self.signatures()
        named = signatures.get(signature.removesuffix("_png"), {"inputs": {}})
        if signature not in signatures or "images" not in named["inputs"]:
            raise ValueError(
                f"{self.model} has no signature {signature!r} that translates images; it has "
                f"{', '.join(signatures)}."
            )
        shape = named["inputs"]["images"]["shape"][1:]
        written = []
        for done, (output, path) in enumerate(jobs.items(), start=1):
            if not output.exists():
                try:
                    (image,) = self.translate(read_image(path, shape)[None], signature)
                except ServingError as error:
                    raise ServingError(f"{path}: {error}") from error
                output.parent.mkdir(parents=True, exist_ok=True)
                save_png(image, output)
                written.append(output)
            progress(done, len(jobs), path)
        return written

    def _images(self, output):
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

    def __init__(self, url, model, version=None, timeout=60.0, retries=3):
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

    def predict(self, inputs, signature="serving_default"):
        form = signature.rsplit("_", 1)[-1]
        dtype = {"png": "string", "float32": "float32"}.get(form, "uint8")
        body = rest.predict_body(inputs, signature)
        return rest.output_of_body(self._ask("POST", f"{self.url}:predict", body), dtype)

    def signatures(self):
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

    def __init__(self, address, model, version=None, timeout=60.0, retries=3):
        super().__init__(model, version, timeout, retries)
        self.grpc = needed("grpc")
        service = needed("tensorflow_serving.apis.prediction_service_pb2_grpc")
        self.channel = self.grpc.insecure_channel(address, options=channel_options(retries))
        self.stub = service.PredictionServiceStub(self.channel)

    def predict(self, inputs, signature="serving_default"):
        request = messages.predict_request(self.model, inputs, signature, self.version)
        (output,) = messages.arrays_of(self._ask(self.stub.Predict, request)).values()
        return output

    def signatures(self):
        request = messages.metadata_request(self.model, self.version)
        metadata = self._ask(self.stub.GetModelMetadata, request)
        return rest.signatures_of_body(messages.signature_defs(metadata))

    def _ask(self, method, request):
        try:
            return method(request, timeout=self.timeout)
        except self.grpc.RpcError as error:
            raise ServingError(
                f"The server answers {error.code().name}: {error.details()}"
            ) from error


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
