"""Sources of latents: what a generator is given beside its conditions."""

import dataclasses

import keras
import numpy as np
from keras import ops

from keras_gans.latents.great_circle import great_circle
from keras_gans.specs import Spec

register = keras.saving.register_keras_serializable(package="keras_gans")


@dataclasses.dataclass(frozen=True)
class Source:
    """A distribution of latents that draws itself, knows its ways, and describes itself.

    A subclass states its `shape` and writes `draw(random, n)` with the `normal`, `uniform` and
    `integers` of `random`, which are those of a step (`InStep`), of the host (`OnHost`) or of an
    export. What is recovered of latents from samples is taken for the means of normal distributions
    of standard deviation 1, unless the subclass says otherwise.
    """

    def __post_init__(self):
        for name, least in (("dim", 1), ("classes", 2), ("count", 1)):
            value = getattr(self, name, None)
            if value is not None and value < least:
                raise ValueError(f"{name} of {self} must be {least} or more.")

    @property
    def spec(self):
        """The `Spec` of one latent."""
        return Spec("latents", self.shape, "float32")

    def draw(self, random, n):
        """`n` latents, an array or a tensor of shape `(n, *shape)`."""
        raise NotImplementedError(f"{type(self).__name__} must implement `draw`.")

    def walk(self, start, end, positions):
        """Latents on the way from `start` (position 0) to `end` (position 1).

        Args:
            start: Array of shape `shape`, or `(n, *shape)` for a way at each position.
            end: Array of the same shape.
            positions: Array of shape `(n,)`.

        Returns:
            Array of shape `(n, *shape)`.
        """
        t = np.reshape(np.asarray(positions, "float64"), (-1, *[1] * len(self.shape)))
        return ((1 - t) * np.asarray(start) + t * np.asarray(end)).astype("float32")

    @property
    def entropy(self):
        """H(c) in nats, of all numbers of a latent: a float."""
        raise NotImplementedError(f"{type(self).__name__} must state its `entropy`.")

    @property
    def predicted_shape(self):
        """The shape, without the batch, of what a network says of a latent that it recognizes."""
        return self.shape

    def cross_entropy(self, drawn, predicted):
        """How unlikely a prediction makes what was drawn: the mean of -log Q(c | x) in nats.

        InfoGAN, arXiv:1606.03657, equation 4: `entropy` less this is the lower bound of the mutual
        information of latents and samples. Q is softmax(predicted) of ids; of numbers it is
        N(predicted, 1), a standard deviation that is fixed as in the authors' run on MNIST, so the
        bound of a number has a ceiling: H(c) - log(2 pi) / 2, which is -0.23 for U(-1, 1) and 0.5
        for N(0, 1).

        Args:
            drawn: Tensor `(n, *shape)` of latents.
            predicted: Tensor `(n, *predicted_shape)`: means, or logits of ids.

        Returns:
            A float32 scalar: the sum over the numbers of a latent, the mean over latents.

        Example:

        ```python
        source = Categorical(10)
        bound = source.entropy - source.cross_entropy(ids, logits)
        ```
        """
        errors = ops.cast(drawn, "float32") - ops.cast(predicted, "float32")
        return mean_of_sums(0.5 * (errors**2 + np.log(2 * np.pi)))

    def most_likely(self, predicted):
        """The latents of the highest Q(c | x): those means, or the ids of the largest logits."""
        return predicted

    def get_config(self):
        return dataclasses.asdict(self)

    @classmethod
    def from_config(cls, config):
        return cls(**config)


@register
@dataclasses.dataclass(frozen=True)
class Normal(Source):
    """Latents z ~ N(0, 1), every number by itself; ways are great circles.

    Args:
        dim: Integer >= 1, numbers of a latent.

    Example:

    ```python
    model = GAN(generator, discriminator, latents=Normal(100))  # The same as latent_dim=100.
    ```
    """

    dim: int

    @property
    def shape(self):
        return (self.dim,)

    def draw(self, random, n):
        return random.normal((n, self.dim))

    @property
    def entropy(self):
        return 0.5 * self.dim * float(np.log(2 * np.pi * np.e))

    def walk(self, start, end, positions):
        return great_circle(start, end, positions)


@register
@dataclasses.dataclass(frozen=True)
class Uniform(Source):
    """Latents z ~ U(low, high), every number by itself; ways are straight lines.

    Args:
        dim: Integer >= 1, numbers of a latent.
        low: Float.
        high: Float, above `low`.

    Raises:
        ValueError: Nothing lies between `low` and `high`.

    Example:

    ```python
    model = GAN(generator, discriminator, latents=Uniform(100, -1, 1))
    ```
    """

    dim: int
    low: float = -1.0
    high: float = 1.0

    def __post_init__(self):
        super().__post_init__()
        if not -np.inf < self.low < self.high < np.inf:
            raise ValueError(
                f"Uniform draws between low and high, two finite numbers; {self.low} is not below "
                f"{self.high}."
            )

    @property
    def shape(self):
        return (self.dim,)

    @property
    def spec(self):
        return Spec("latents", self.shape, "float32", self.low, self.high)

    def draw(self, random, n):
        return self.low + (self.high - self.low) * random.uniform((n, self.dim))

    @property
    def entropy(self):
        return self.dim * float(np.log(self.high - self.low))


@register
@dataclasses.dataclass(frozen=True)
class Categorical(Source):
    """Latents that are one of some classes, all equally likely; ways jump in the middle.

    The generator gets ids, as it gets labels, and makes one-hot or embedded vectors of them.

    Args:
        classes: Integer >= 2.
        count: Integer >= 1, ids of a latent `(n, count)`; or `None` for a single one, `(n,)`.

    Example:

    ```python
    latents = {"noise": Normal(62), "category": Categorical(10), "angle": Uniform(2)}
    ```
    """

    classes: int
    count: int | None = None

    @property
    def shape(self):
        return () if self.count is None else (self.count,)

    @property
    def spec(self):
        return Spec("latents", self.shape, "int32", 0, self.classes - 1)

    def draw(self, random, n):
        return random.integers((n, *self.shape), self.classes)

    def walk(self, start, end, positions):
        there = np.reshape(np.asarray(positions) >= 0.5, (-1, *[1] * len(self.shape)))
        return np.where(there, end, start).astype("int32")

    @property
    def entropy(self):
        return (self.count or 1) * float(np.log(self.classes))

    @property
    def predicted_shape(self):
        return (*self.shape, self.classes)

    def cross_entropy(self, drawn, predicted):
        logits = ops.cast(predicted, "float32")
        return mean_of_sums(ops.sparse_categorical_crossentropy(drawn, logits, from_logits=True))

    def most_likely(self, predicted):
        return ops.cast(ops.argmax(predicted, axis=-1), "int32")


def mean_of_sums(values):
    """The sum over all axes but the first, and the mean over that."""
    return ops.mean(ops.sum(ops.reshape(values, (ops.shape(values)[0], -1)), axis=1))


def as_sources(latent_dim, latents):
    """The dict of sources that a model draws from, from both ways to say it.

    Args:
        latent_dim: Integer, which stands for `Normal(latent_dim)`, or `None`.
        latents: A `Source`, a dict of them by the names of the generator's inputs, or `None`.

    Raises:
        ValueError: Neither, or two that contradict each other.
        TypeError: Something else than sources.
    """
    if latents is None:
        if latent_dim is None:
            raise ValueError("What the generator starts from is missing: give latent_dim=100, say.")
        latents = Normal(latent_dim)
    sources = {**latents} if isinstance(latents, dict) else {"latents": latents}
    for name, source in sources.items():
        if not isinstance(source, Source):
            raise TypeError(
                "latents is a source such as keras_gans.latents.Uniform(100), or a dict of "
                f"sources by name; {name!r} was {source!r}."
            )
    dim = dim_of(sources)
    if latent_dim not in (None, dim):
        raise ValueError(
            f"latent_dim={latent_dim} contradicts latents={latents!r}; leave out latent_dim."
        )
    return sources


def dim_of(sources):
    """How many numbers the latents of the only source have; `None` where there are several."""
    shapes = [source.shape for source in sources.values()]
    return shapes[0][0] if len(shapes) == 1 and len(shapes[0]) == 1 else None


def only_or_all(tensors):
    """The only one of a dict, or the dict: what users of one source get, and of several."""
    return next(iter(tensors.values())) if len(tensors) == 1 else tensors
