"""Kind: what is true of samples of every kind."""

import keras
import numpy as np
from keras import ops

from keras_gans.data.aside import written_aside
from keras_gans.data.checks import TOLERANCE, check_finite
from keras_gans.data.paths import local_path


class Kind:
    """What a model's samples are: how floats become what users get, and how that is shown.

    A kind has a `name`, which is that of the tensor in signatures and of a network's input; the
    `suffix` of the files that `save` writes; and the `range` in which floats lie inside the
    networks, `None` where they are any.
    """

    name: str | None = None
    suffix: str | None = None
    range: tuple[float, float] | None = None

    def get_config(self):
        """The arguments of the constructor."""
        return {}

    @classmethod
    def from_config(cls, config):
        """Make a kind of what `get_config` returned."""
        return cls(**config)

    def __eq__(self, other):
        return type(self) is type(other) and self.get_config() == other.get_config()

    def __hash__(self):
        return hash((type(self), *self.get_config().values()))

    def __repr__(self):
        given = ", ".join(f"{key}={value!r}" for key, value in self.get_config().items())
        return f"{type(self).__name__}({given})"

    def fits(self, shape):
        """Whether samples of this kind have that shape; without the batch, as networks make it."""
        raise NotImplementedError

    def are(self, samples):
        """Whether an array holds samples of this kind as users get them."""
        return samples.dtype.kind == "f" and self.fits(samples.shape[1:])

    def vectors(self, samples):
        """float64 array `(n, d)` of samples as users get them, whose distances are how they differ.

        Of images and frames the means over squares of pixels, about 8x8 of them: noise is no
        difference.
        """
        return np.reshape(samples, (len(samples), -1)).astype("float64")

    def check(self, batch, shape, name="x"):
        """Raise a sentence if a batch is not what networks of `shape` take.

        Args:
            batch: Array `(n, ...)`.
            shape: Tuple: the shape of one sample; an entry may be `None`, which fits any size.
            name: What the sentence calls the batch.

        Raises:
            ValueError: Another shape, no sample at all, or what `check_values` refuses.
        """
        came = tuple(batch.shape) if hasattr(batch, "shape") else None
        wanted = self.spec(shape).shape
        if came is None or len(came) != 1 + len(wanted) or not came[0]:
            fits = False
        else:
            fits = all(w in (None, c) for w, c in zip(wanted, came[1:], strict=True))
        if not fits:
            what = f"has shape {list(came)}" if came else f"is {type(batch).__name__}"
            raise ValueError(
                f"Expected `{name}` to be {self.name} of shape "
                f"[n, {', '.join(map(str, wanted))}], n >= 1, but it {what}. Pass {self.name} of "
                "that shape, as the generator makes them."
            )
        self.check_values(batch, name)

    def check_values(self, samples, name="x"):
        """Raise a sentence if an array holds what no model can be shown.

        Args:
            samples: Array `(n, ...)`; a long one is read in pieces.
            name: What the sentence calls it.

        Raises:
            ValueError: No numbers, NaN or infinite ones, or some outside `range`.
        """
        if not any(number in samples.dtype.name for number in ("bool", "int", "float")):
            raise ValueError(
                f"Expected `{name}` to be {self.name}, which are numbers, but its dtype is "
                f"{samples.dtype}. Convert it, as with `{name}.astype('float32')`."
            )
        low, high = check_finite(samples, name)
        least, most = self.range or (-np.inf, np.inf)
        if low < least - TOLERANCE or high > most + TOLERANCE:
            raise ValueError(
                f"Expected the {self.name} of `{name}` to lie in [{least}, {most}], but they range "
                f"from {low:.4g} to {high:.4g}. Scale them to it."
            )

    def to_floats(self, samples):
        """What networks are shown, in the step: a tensor of `keras.config.floatx()`."""
        return ops.cast(samples, keras.config.floatx())

    def to_outside(self, floats):
        """What users get for a network's output: numpy for numpy, else a tensor."""
        if isinstance(floats, np.ndarray):
            return floats.astype("float32", copy=False)
        return ops.cast(floats, "float32")

    def to_signed(self, floats):
        """Floats as metrics take them: in [-1, 1] where there is a range, else as they are."""
        if self.range in (None, (-1, 1)):
            return floats
        low, high = self.range
        return (floats - low) * (2 / (high - low)) - 1

    def from_signed(self, signed):
        """The floats of which `to_signed` made these."""
        if self.range in (None, (-1, 1)):
            return signed
        low, high = self.range
        return low + (signed + 1) * ((high - low) / 2)

    def spec(self, shape):
        """The `Spec` of what users get for a network's output of `shape`."""
        raise NotImplementedError

    def picture(self, samples, columns):
        """A picture of samples as users get them, in rows of `columns`.

        Returns:
            uint8 array `(height, width, channels)`, or a list of such frames.
        """
        raise NotImplementedError

    def save(self, samples, path):
        """Write samples as users get them to a file.

        Args:
            samples: Array `(n, ...)`.
            path: Path of the file, which ends in `suffix`; its folder is created.

        Raises:
            ValueError: Another suffix.
        """
        path = local_path(path, "The file of samples")
        if path.suffix != self.suffix:
            raise ValueError(
                f"Samples that are {self.name} are saved to a {self.suffix} file, but the path is "
                f"{str(path)!r}. Pass {str(path.with_suffix(self.suffix))!r}."
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        with written_aside(path) as aside, aside.open("wb") as file:
            self.write(samples, file)

    def write(self, samples, file):
        """Write samples to an open file; by default as numpy does."""
        np.save(file, samples)
