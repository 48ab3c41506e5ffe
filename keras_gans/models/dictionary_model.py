"""DictionaryModel: samples are sums of few atoms of a dictionary."""

import math
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import ops

from keras_gans import losses
from keras_gans.endpoints import Endpoint
from keras_gans.engine import AdversarialModel
from keras_gans.engine.chunks import check_whole_number
from keras_gans.latents.fista import fista
from keras_gans.models.reads import Reads
from keras_gans.specs import Spec
from keras_gans.typing import FilePath, ImageArray


class DictionaryModel(Reads, AdversarialModel):
    """What sparse coding and predictive sparse decomposition have in common.

    A subclass says by `codes_of` which codes inference gives samples.

    Args:
        dictionary: `keras.Model` from codes `(n, atoms)` to samples, linear and without bias, such
            as `keras_gans.networks.dictionary`.
        sparsity: Float >= 0, lambda: what a unit of a code's absolute value costs.
        inference_steps: Integer >= 1, steps of FISTA.
        seed: See `AdversarialModel`.
        name: Name of the model.

    Raises:
        ValueError: A number out of its range.
    """

    def __init__(
        self,
        dictionary: keras.Model,
        sparsity: float,
        inference_steps: int,
        *,
        seed: int | None = None,
        name: str | None = None,
    ):
        super().__init__(seed=seed, name=name)
        if not sparsity >= 0:
            raise ValueError(
                f"sparsity is the cost of codes, a number from 0 on; it was {sparsity!r}."
            )
        check_whole_number("inference_steps", inference_steps, 1)
        self.autocast = False  # Codes are sought in float32, whatever the precision of networks.
        self.dictionary = dictionary
        self.sparsity = sparsity
        self.inference_steps = inference_steps

    @property
    def image_shape(self):
        """Shape of one sample."""
        return self.dictionary.output_shape[1:]

    @property
    def num_atoms(self):
        """How many atoms there are: the numbers of a code."""
        return self.dictionary.input_shape[-1]

    def default_optimizer(self, player):
        # The papers descend by plain gradients, whose rates depend on the data. Atoms have a length
        # of 1: at a tenth of this rate most are noise still when others have become edges.
        return keras.optimizers.Adam(1e-2)

    def codes_of(self, samples):
        """The codes `(n, atoms)` of a tensor of samples, as inference finds them."""
        raise NotImplementedError(f"{type(self).__name__} must say the `codes_of` samples.")

    def atoms(self):
        """The dictionary as a tensor `(atoms, *sample_shape)`: what each code alone stands for."""
        return self.dictionary(ops.eye(self.num_atoms), training=False)

    def inferred(self, samples, sparsity, prediction=None, weight=0.0):
        """The codes of samples by `inference_steps` of FISTA; constants to every player."""
        size = math.prod(self.image_shape)
        flat = [ops.reshape(x, (-1, size)) for x in (samples, self.atoms())]
        return ops.stop_gradient(fista(*flat, sparsity, self.inference_steps, prediction, weight))

    def squared_error(self, samples, codes, training=True):
        """||x - D z||^2, the mean over samples."""
        return losses.squared_error(samples, self.dictionary(codes, training=training))

    def absolute_codes(self, codes):
        """||z||_1, the mean over samples."""
        return ops.mean(ops.sum(ops.abs(codes), 1))

    def share_of_active(self, codes):
        """How many of the codes are not zero."""
        return ops.mean(ops.cast(ops.not_equal(codes, 0), "float32"))

    def call(self, samples, training=False):
        """The codes of samples; inference only."""
        return self.codes_of(samples)

    def encode(self, samples: ImageArray, batch_size: int = 64) -> np.ndarray:
        """The codes of samples.

        Args:
            samples: Array `(n, *sample_shape)` as `fit` takes it.
            batch_size: Integer >= 1, samples at a time.

        Returns:
            float32 array `(n, atoms)`.

        Raises:
            ValueError: Samples of another shape, dtype or range.
        """
        return self.read_samples("encode", self, lambda codes: codes, samples, batch_size)

    def reconstruct(self, samples: ImageArray, batch_size: int = 64) -> np.ndarray:
        """What the dictionary makes of the codes of samples.

        Args:
            samples: As in `encode`.
            batch_size: Likewise.

        Returns:
            Array of the shape of `samples`: uint8 for images, else float32.

        Raises:
            ValueError: As in `encode`.
        """

        def made_of(codes):
            return self.samples.to_outside(self.dictionary.predict_on_batch(codes))

        return self.read_samples("reconstruct", self, made_of, samples, batch_size)

    def endpoints(self):
        """What the model offers those outside: dict from names to `Endpoint`s."""
        name = self.samples.name
        samples = {name: self.samples.spec(self.image_shape)}
        codes = {"codes": Spec("latents", (self.num_atoms,), "float32")}
        networks = [network for networks in self.players.values() for network in networks]

        def endpoint(function, outputs, method):
            return Endpoint(function, samples, outputs, networks, method, samples=self.samples)

        def reconstruct(**tensors):
            return {name: self.dictionary(self.codes_of(tensors[name]), training=False)}

        return {
            "encode": endpoint(lambda **x: {"codes": self.codes_of(x[name])}, codes, self.encode),
            "reconstruct": endpoint(reconstruct, samples, self.reconstruct),
        }

    def export(self, filepath: FilePath, format: str = "tf_saved_model", **options: Any) -> Path:
        """Write both endpoints, to be run without Keras; see `keras_gans.serving.export`.

        Args:
            filepath: What to create.
            format: As there.
            **options: As there.
        """
        from keras_gans.serving import export

        return export(self, filepath, format, **options)
