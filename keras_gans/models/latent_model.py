"""LatentModel: an adversarial model whose generator turns latents into samples."""

import keras
import numpy as np
from keras import ops

from keras_gans.data import to_uint8
from keras_gans.engine.adversarial_model import AdversarialModel
from keras_gans.engine.averages import shadow_of, update_average
from keras_gans.engine.backend import backend
from keras_gans.engine.chunks import check_whole_number, in_chunks
from keras_gans.engine.great_circle import great_circle


class LatentModel(AdversarialModel):
    """What every model that generates from latents z ~ N(0, 1) has in common.

    Args:
        generator: `keras.Model` from `(n, latent_dim)` to samples.
        latent_dim: Integer.
        ema_decay: Float in [0, 1), or `None`. With it a shadow of the generator, whose weights
            are the exponential moving average of the trained ones, is what `model(latents)`,
            `predict`, `generate`, `evaluate` and `export` run.
        seed: See `AdversarialModel`.
        name: Name of the model.
    """

    def __init__(self, generator, latent_dim, *, ema_decay=None, seed=None, name=None):
        super().__init__(seed=seed, name=name)
        if generator.input_shape != (None, latent_dim):
            raise ValueError(
                f"The generator takes inputs of shape {generator.input_shape}; with "
                f"latent_dim={latent_dim} it must take (None, {latent_dim})."
            )
        if ema_decay is not None and not 0 <= ema_decay < 1:
            raise ValueError(
                f"ema_decay is the share of the average that a step keeps, from 0 to below 1 "
                f"(0.999, say), or None for no average; it was {ema_decay!r}."
            )
        self.generator = generator
        self.latent_dim = latent_dim
        self.ema_decay = ema_decay
        self.averaged_generator = None if ema_decay is None else shadow_of(generator)
        self.latent_seed = self.seed_generator("latents")

    @property
    def inference_generator(self):
        """The averaged generator where there is one, else the generator."""
        return self.averaged_generator or self.generator

    @property
    def image_shape(self):
        """Shape of one sample."""
        return self.generator.output_shape[1:]

    def check_discriminator(self, discriminator):
        """Raise a sentence if it does not take what the generator makes."""
        if discriminator.input_shape != self.generator.output_shape:
            raise ValueError(
                f"The generator makes {self.generator.output_shape}, the discriminator takes "
                f"{discriminator.input_shape}: build both for one image_shape."
            )

    def update_average(self):
        """Move the averaged generator, where there is one; call it once per train step."""
        if self.averaged_generator is not None:
            update_average(self.averaged_generator, self.generator, self.ema_decay)

    def sample_latents(self, like, seed=None):
        """Latents for as many samples as `like` has.

        Args:
            like: Tensor of shape `(n, ...)`.
            seed: Seed generator to draw from; by default that of training.

        Returns:
            float32 tensor of shape `(n, latent_dim)`, N(0, 1).
        """
        seed = self.latent_seed if seed is None else seed
        return keras.random.normal((ops.shape(like)[0], self.latent_dim), seed=seed)

    def call(self, latents, training=False):
        """Samples for latents, as floats (images in [-1, 1]); inference only."""
        return self.inference_generator(latents, training=False)

    def draw_latents(self, num_images, seed=None):
        """Latents to keep: N(0, 1), the same for the same seed on every backend.

        Args:
            num_images: Integer >= 0.
            seed: Integer >= 0, or `None` for latents that differ at every call.

        Returns:
            float32 array of shape `(num_images, latent_dim)`.

        Raises:
            ValueError: Another number or seed.
        """
        check_whole_number("num_images", num_images, 0)
        if seed is not None:
            check_whole_number("seed", seed, 0)
        rng = np.random.default_rng(seed)
        return rng.standard_normal((num_images, self.latent_dim), dtype="float32")

    def generate(self, num_images=None, seed=None, latents=None, batch_size=64):
        """Generate images.

        Args:
            num_images: Integer >= 0; may be left out where `latents` are given.
            seed: Integer >= 0: the same seed gives the same images. `None` draws new latents at
                every call. Training draws from a stream of its own and is not disturbed.
            latents: Array of shape `(num_images, latent_dim)` to use instead of drawn ones.
            batch_size: Integer >= 1, images at a time, which beside the result take memory;
                thousands of small samples want a larger one.

        Returns:
            uint8 array of shape `(num_images, height, width, channels)`; where the generator's
            samples are not images but, say, points, its float32 output.

        Raises:
            MemoryError: More images than there is room for.
            ValueError: Neither or contradictory arguments, numbers out of their range, or latents
                of another shape.

        Example:

        ```python
        images = model.generate(16, seed=7)
        latents = model.draw_latents(2, seed=7)
        walk = model.generate(latents=model.interpolate(*latents, steps=8))
        ```
        """
        latents = self.latents_for(num_images, seed, latents)
        return self.samples(latents, batch_size, self.predict_on_batch)

    def latents_for(self, num_images, seed, latents):
        """The latents of `generate`: those that are given, checked, or drawn ones."""
        if latents is not None:
            return self._checked_latents(latents, num_images, seed)
        if num_images is None:
            raise ValueError("generate() needs `num_images` or `latents`; it got neither.")
        return self.draw_latents(num_images, seed)

    def samples(self, latents, batch_size, predict):
        """Samples for latents; images as uint8.

        Args:
            latents: float32 array `(n, latent_dim)`.
            batch_size: Integer, samples at a time.
            predict: Function from an array of latents to one of samples, floats or uint8.
        """
        backend.before_inference(self)

        def made(chunk):
            # Under a strategy every replica runs the whole chunk, and Keras joins their outputs.
            samples = predict(chunk)[: len(chunk)]
            return to_uint8(samples) if samples.ndim == 4 else samples

        return in_chunks(made, latents, batch_size)

    def interpolate(self, start, end, steps):
        """Latents on the great circle from `start` to `end` (spherical interpolation).

        Their lengths go from one's to the other's, so that every latent on the way is as likely
        under N(0, 1) as its ends are; on the straight line those in the middle would be short.

        Args:
            start: Array of shape `(latent_dim,)`.
            end: Array of shape `(latent_dim,)`.
            steps: Integer >= 2, both ends included.

        Returns:
            float32 array of shape `(steps, latent_dim)`, for `generate(latents=...)`.

        References:
            White 2016, "Sampling Generative Networks", arXiv:1609.04468, section 2.1.
        """
        if steps < 2:
            raise ValueError(f"interpolate() needs at least 2 steps (both ends); it got {steps}.")
        start, end = (self._checked_latents([z])[0] for z in (start, end))
        return great_circle(start, end, np.linspace(0.0, 1.0, steps))

    def _checked_latents(self, latents, num_images=None, seed=None):
        latents = np.asarray(latents, "float32")
        if latents.ndim != 2 or latents.shape[1] != self.latent_dim:
            raise ValueError(
                f"Latents have the shape (n, {self.latent_dim}); these have {latents.shape}."
            )
        if seed is not None or num_images not in (None, len(latents)):
            raise ValueError(
                f"generate() got {len(latents)} latents and also num_images={num_images}, "
                f"seed={seed}: give either the latents, or how many to draw and a seed."
            )
        if not np.isfinite(latents).all():
            raise ValueError("Latents must be finite; these hold NaN or infinite values.")
        return latents

    def served_generator(self, weights="averaged"):
        """The network that `export` writes: a `keras.Model` from latents to images.

        Args:
            weights: "averaged" for those of `generate`, "raw" for those that are trained.
        """
        return self.generator if weights == "raw" else self.inference_generator

    def export(self, filepath, format="tf_saved_model", **options):
        """Write the generator, to be run without Keras; see `keras_gans.serving.export`.

        Args:
            filepath: What to create.
            format: As there.
            **options: As there.
        """
        from keras_gans.serving import export

        return export(self, filepath, format, **options)
