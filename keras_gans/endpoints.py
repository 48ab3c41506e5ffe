"""Endpoint: what a model offers those outside, for whoever exports, serves or shows it."""

import dataclasses
from collections.abc import Callable
from typing import Any


@dataclasses.dataclass(frozen=True)
class Endpoint:
    """One thing that a model makes of tensors, as exports, servers and the explorer offer it.

    A model states all of its own in `endpoints()`, a dict by names; the first is the usual one.
    Images go into `function` and come out of it as the networks have them; whoever serves them
    converts them, by `samples` where they are what the model makes, and checks ids, finite numbers
    and equal numbers of rows by the specs.

    Args:
        function: Function of `keras.ops`, from tensors by the names of `inputs` to a dict of
            tensors by the names of `outputs`.
        inputs: Dict from names to `Spec`s, as they are outside. All have n rows but a "seed",
            which is a scalar.
        outputs: Likewise, with n rows each.
        networks: The networks whose variables the function reads.
        method: The model's own method that does the same on arrays by the names of `inputs`, or
            of `num_images`, `seed` and what no source draws: to one array, or a dict by `outputs`.
        samples: The kind of the model's samples, see `keras_gans.samples`.
        sources: Dict from names of inputs to what draws them, see `keras_gans.latents`. With any
            there is another signature that takes `num_images` and `seed` in their place.
        drawn: Name of that signature.
        sides: `(height, width)` of images in training, for specs that leave them open.
        check: `None`, or `(function, sentence)`: a function of the dicts of inputs and outputs, to
            a scalar bool, and what to say where it is not true.

    Example:

    ```python
    Endpoint(
        lambda images: {"latents": encoder(images, training=False)},
        {"images": Images().spec((28, 28, 1))},
        {"latents": Spec("latents", (100,), "float32")},
        [encoder],
        method=model.encode,
        samples=Images(),
    )
    ```
    """

    function: Callable
    inputs: dict
    outputs: dict
    networks: list
    method: Callable
    samples: Any
    sources: dict = dataclasses.field(default_factory=dict)
    drawn: str = "generate"
    sides: tuple = (None, None)
    check: tuple | None = None
