"""Symbols: strings of letters of an alphabet."""

import keras
import numpy as np
from keras import ops
from PIL import Image, ImageDraw, ImageFont

from keras_gans.samples.kind import Kind
from keras_gans.specs import Spec

WIDTH, HEIGHT = 10, 20  # Pixels of a letter in a picture.


@keras.saving.register_keras_serializable(package="keras_gans")
class Symbols(Kind):
    """Strings of one length, as a softmax over an alphabet at each place makes them.

    Inside the networks they are `(length, letters)`: one-hot floats, or probabilities. `fit` takes
    ids, as `encode` makes them of strings; users get strings, and signatures give ids: the place
    of each letter in the alphabet. A picture has a string in each line, whatever `columns` is; a
    file is text with a string in each line, where the ends of lines that are letters are "\\\\n".

    Args:
        alphabet: String of the letters, each once.

    Raises:
        ValueError: It is empty, or a letter comes twice.

    Example:

    ```python
    symbols = Symbols("abcdefghijklmnopqrstuvwxyz ")
    model.fit(symbols.encode(["a cat ", "a dog "]), epochs=10)
    ```
    """

    name = "symbols"
    suffix = ".txt"

    def __init__(self, alphabet):
        if not alphabet or len(set(alphabet)) < len(alphabet):
            raise ValueError(
                f"An alphabet is a string that holds each of its letters once; it was {alphabet!r}."
            )
        self.alphabet = "".join(alphabet)

    def get_config(self):
        return {"alphabet": self.alphabet}

    def fits(self, shape):
        return len(shape) == 2 and shape[-1] == len(self.alphabet)

    def encode(self, strings):
        """The ids of strings.

        Args:
            strings: List of n strings of one length.

        Returns:
            int32 array `(n, length)`.

        Raises:
            ValueError: Strings of several lengths, or letters that the alphabet lacks.
        """
        lengths = sorted({len(string) for string in strings})
        if len(lengths) > 1:
            raise ValueError(
                f"Strings have one length, and these have {lengths[0]} to {lengths[-1]} letters: "
                "cut them, or fill them up with a letter of the alphabet such as a space."
            )
        strange = sorted(set("".join(strings)) - set(self.alphabet))
        if strange:
            raise ValueError(
                f"The alphabet lacks {strange}: leave strings with them out, or add them to it."
            )
        places = {letter: i for i, letter in enumerate(self.alphabet)}
        return np.array([[places[letter] for letter in string] for string in strings], "int32")

    def are(self, samples):
        return samples.dtype.kind == "U" and samples.ndim == 1

    def vectors(self, samples):
        return np.eye(self.letters)[self.encode(samples)].reshape(len(samples), -1)

    def check_values(self, samples, name="x"):
        came = None if samples.dtype.kind in "iu" else f"its dtype is {samples.dtype}"
        if (
            came is None
            and samples.size
            and not (samples.min() >= 0 and samples.max() < self.letters)
        ):
            came = f"they range from {samples.min()} to {samples.max()}"
        if came is not None:
            raise ValueError(
                f"Expected `{name}` to be ids of letters, integers from 0 to {self.letters - 1}, "
                f"but {came}. Strings become ids by `model.samples.encode(strings)`."
            )

    @property
    def letters(self):
        """How many letters the alphabet has."""
        return len(self.alphabet)

    def to_floats(self, samples):
        return ops.one_hot(ops.cast(samples, "int32"), self.letters, dtype=keras.config.floatx())

    def to_outside(self, floats):
        if not isinstance(floats, np.ndarray):
            return ops.cast(ops.argmax(floats, axis=-1), "int32")
        chosen = np.array(list(self.alphabet))[floats.argmax(-1)]
        return np.array(["".join(letters) for letters in chosen], f"<U{floats.shape[1]}")

    def spec(self, shape):
        return Spec("symbols", (shape[0],), "int32", 0, self.letters - 1, tuple(self.alphabet))

    def picture(self, samples, columns):
        longest = max(map(len, samples))
        picture = Image.new("L", (WIDTH * (longest + 1), HEIGHT * len(samples)), "white")
        draw, font = ImageDraw.Draw(picture), ImageFont.load_default(size=16)
        for row, string in enumerate(samples):
            for column, letter in enumerate(str(string)):
                place = WIDTH * (column + 1), HEIGHT * row + HEIGHT // 2
                # Where a line ends a grey stroke stands, as verses are quoted.
                shown, grey = ("/", 170) if letter == "\n" else (letter, 0)
                draw.text(place, shown, fill=grey, font=font, anchor="mm")
        return np.asarray(picture)[..., None]

    def write(self, samples, file):
        for string in samples:
            file.write(str(string).replace("\n", "\\n").encode() + b"\n")
