"""GrowingModel: a latent model whose networks gain layers while it trains."""

import math
import types
from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np
from keras import ops

from keras_gans.data import GrowingImages, ImageDataset
from keras_gans.engine.backend import backend
from keras_gans.engine.batches import parts_of
from keras_gans.engine.data_order import is_array
from keras_gans.engine.optimizers import outlive_restarts, restart
from keras_gans.engine.stock_callbacks import has_schedule
from keras_gans.models.follow_growth import FollowGrowth, number
from keras_gans.models.latent_model import LatentModel
from keras_gans.schedules import Growth
from keras_gans.typing import Latents

# Images in a minibatch of each resolution (the authors' config.py, for one GPU).
MINIBATCHES = {4: 128, 8: 128, 16: 128, 32: 64, 64: 32, 128: 16, 256: 8, 512: 4, 1024: 4}


class GrowingModel(LatentModel):
    """What every model has in common that grows through resolutions in one `fit`.

    A subclass runs the layers of `level`.

    Args:
        generator: `keras.Model` with `levels` and `side(level)`, such as `progressive_generator`.
        latent_dim: See `LatentModel`.
        fade_images: Integer, images over which a resolution fades in.
        stabilise_images: Integer, images that are trained at each resolution without a fade.
        minibatches: Dict from resolutions to images in a train step; see `ProgressiveGAN`.
        rate_factors: Dict from resolutions to factors of the learning rates.
        **options: See `LatentModel`.
    """

    def __init__(
        self,
        generator: keras.Model,
        latent_dim: int | None = None,
        *,
        fade_images: int = 600_000,
        stabilise_images: int = 600_000,
        minibatches: Mapping[int, int] | None = None,
        rate_factors: Mapping[int, float] | None = None,
        **options: Any,
    ):
        super().__init__(generator, latent_dim, **options)
        self.growth = Growth(generator.levels, fade_images, stabilise_images)
        self.minibatches = by_resolution(MINIBATCHES if minibatches is None else minibatches)
        self.rate_factors = by_resolution(rate_factors or {})
        self.seen_before_epoch, self.phase = (
            self.add_weight((), "zeros", dtype="int32", trainable=False, name=name)
            for name in ("seen_before_epoch", "phase")
        )
        self.level = 0
        self.batch_size: int | None = None  # At most so many images in a step.
        # Past Keras, which would make them parts of the model.
        self._smaller = types.SimpleNamespace(generators={})

    @property
    def resolution(self):
        """Pixels along a side of the images that are trained now."""
        return self.generator.side(self.level)

    def alpha(self):
        """How far the resolution has faded in: float32 scalar in [0, 1]."""
        return self.growth.alpha(ops.convert_to_tensor(self.images_seen), self.level)

    def get_metrics_result(self):
        logs = super().get_metrics_result()
        return {**logs, "resolution": ops.full((), self.resolution), "alpha": self.alpha()}

    def call(self, inputs, training=False):
        """Images of the resolution of the moment for latents, as floats; inference only."""
        latents, conditions = self.read(inputs)
        alpha = self.alpha()
        return self.run(
            self.inference_generator,
            latents,
            conditions,
            level=self.level,
            alpha=alpha,
            training=False,
        )

    # Growth happens between the steps of a compiled `fit`, in Python.

    def compile(self, *optimizers: Any, **arguments: Any) -> None:
        """Give each player its optimizer, as `AdversarialModel.compile` does."""
        super().compile(*optimizers, **arguments)
        with backend.strategy_scope(self):
            for optimizer in self.optimizer.optimizers:
                outlive_restarts(optimizer, lambda: self.rate_factor(self.level))

    def minibatch(self, resolution):
        """Images in a minibatch: those of the nearest smaller resolution that has a number."""
        known = [side for side in self.minibatches if side <= resolution]
        return self.minibatches[max(known)] if known else max(self.minibatches.values())

    def stage(self, images_seen):
        """Pixels along a side, images in a step, and how many can be seen before that changes."""
        side = self.generator.side(self.growth.level(images_seen))
        size = min(self.minibatch(side), self.batch_size or math.inf)
        return side, size, self.growth.until_next_phase(images_seen)

    def fit(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: int | None = None,
        epochs: int = 1,
        callbacks: Sequence[keras.callbacks.Callback] | None = None,
        **arguments: Any,
    ) -> keras.callbacks.History:
        """Train as `AdversarialModel.fit` does, and grow.

        Args:
            x: Full images. Those of an array or of `keras_gans.data.images` come at the size and
                in the `minibatches` of the moment, whatever the batch size of the data set, and
                an epoch ends with the step in which its last image is. Batches of anything else
                (a `tf.data.Dataset`, a generator) are trained on as they come, at full size,
                which takes more time and memory while the model is small, and each step waits
                for the one before where the data do not say how many images a batch has.
            y: As in `AdversarialModel.fit`.
            batch_size: Integer, images per train step at most, or `None` for no more than
                `minibatches` says.
            epochs: Integer.
            callbacks: As in `AdversarialModel.fit`.
            **arguments: Likewise.

        Raises:
            ValueError: As in `AdversarialModel.fit`; `steps_per_epoch` with images that come in
                steps of several sizes, or a share of one image for a replica.
        """
        images, _ = parts_of((x, y), self.samples.name)
        if arguments.get("steps_per_epoch") and (
            isinstance(images, ImageDataset) or is_array(images)
        ):
            raise ValueError(
                "steps_per_epoch would be another number of images for each resolution. Say how "
                "many images an epoch has: `keras_gans.data.images(..., images_per_epoch=40_000)`."
            )
        self.batch_size = batch_size
        bar = keras.callbacks.ProgbarLogger()
        bar.async_safe = True  # As Keras takes its own to be.
        callbacks = [FollowGrowth(bar), *keras.tree.flatten(callbacks or [])]
        if arguments.get("verbose", "auto"):
            callbacks.append(bar)
        return super().fit(x, y, batch_size, epochs, callbacks, **arguments)

    def training_data(self, x):
        if isinstance(x, ImageDataset):
            steps, value_range = self.steps_per_execution, self.samples.range
            x = GrowingImages(x, self.stage, number(self.images_seen), steps, value_range)
            self.check_shares(x)
        return x

    def check_shares(self, x):
        """Raise a sentence where a replica would compare one image with itself."""
        devices = 1 if backend.KERAS_DISTRIBUTES else backend.num_devices(self)
        smallest = min(x.batch_sizes)
        if devices > 1 and smallest < 2 * devices:
            raise ValueError(
                f"{devices} replicas would share minibatches of {smallest} images, so that one has "
                "a single image, whose minibatch deviation is none. Give the model larger "
                "`minibatches`, of at least two, better four images for each replica."
            )

    def follow_growth(self):
        """Begin the phase that the images seen ask for; returns how many can be seen in it."""
        backend.before_inference(self)
        seen, phase = number(self.images_seen), number(self.phase)
        if self.growth.phase(seen) != phase:
            factor = self.rate_factor((phase + 1) // 2)
            phase = self.growth.phase(seen)
            factor = self.rate_factor((phase + 1) // 2) / factor
            self.phase.assign(phase)
            for optimizer in self.optimizer.optimizers:
                restart(optimizer)
                if factor != 1.0 and not has_schedule(optimizer):
                    optimizer.learning_rate = optimizer.learning_rate * factor
        self.follow_phase()
        return self.growth.until_next_phase(seen)

    def rate_factor(self, level):
        return self.rate_factors.get(self.generator.side(level), 1.0)

    def follow_phase(self):
        """Train, test and predict with the layers of the present phase."""
        level = (number(self.phase) + 1) // 2
        if level != self.level:
            self.level = level
            for step in ("train", "test", "predict"):
                if getattr(self, f"{step}_function") is not None:
                    getattr(self, f"make_{step}_function")(force=True)

    def state_was_loaded(self):
        self.follow_phase()

    def training_was_restored(self):
        self.follow_growth()

    # Pictures of any resolution so far.

    def generate(
        self,
        num_images: int | None = None,
        seed: int | None = None,
        latents: Latents | None = None,
        batch_size: int = 64,
        resolution: int | None = None,
        **conditions: Any,
    ) -> np.ndarray:
        """Generate images of the resolution of the moment, or of a smaller one.

        Args:
            num_images: See `LatentModel.generate`.
            seed: Likewise.
            latents: Likewise.
            batch_size: Likewise.
            resolution: Integer, pixels along a side, at most those that are trained now. `None`
                for these, faded in as far as they are.
            **conditions: See `LatentModel.generate`.

        Returns:
            uint8 array of shape `(num_images, resolution, resolution, channels)`.

        Raises:
            ValueError: As in `LatentModel.generate`, or a resolution that is not there yet.
        """
        inputs = self.inputs_for(num_images, seed, latents, conditions)
        generator, generators = self, self._smaller.generators
        if resolution not in (None, self.resolution):
            if resolution not in generators:  # Kept: it is traced once.
                generators[resolution] = self.served_generator(resolution)
            generator = generators[resolution]
        return self.generated(inputs, batch_size, generator.predict_on_batch)

    def served_generator(self, resolution=None, weights="averaged"):
        """The generator of one resolution as a `keras.Model` that shares its weights.

        Args:
            resolution: As in `generate`.
            weights: As in `LatentModel.served_generator`.
        """
        sides = [self.generator.side(level) for level in range(self.level + 1)]
        if resolution not in (None, *sides):
            raise ValueError(
                f"resolution is one of {', '.join(map(str, sides))}, to which the model has grown "
                f"so far; it was {resolution!r}."
            )
        level, alpha = self.level, float(ops.convert_to_numpy(self.alpha()))
        if resolution not in (None, sides[-1]):
            level, alpha = sides.index(resolution), 1.0
        generator, inputs = super().served_generator(weights), self.symbolic_inputs()
        latents, conditions = self.read(inputs)
        images = self.run(generator, latents, conditions, level=level, alpha=alpha, training=False)
        return keras.Model(inputs, images, name=f"generator_of_{sides[level]}")

    def endpoints(self, weights="averaged", resolution=None):
        """What the model offers those outside, at one resolution.

        Args:
            weights: As in `LatentModel.served_generator`.
            resolution: As in `generate`.
        """
        return self.endpoints_of(self.served_generator(resolution, weights))

    def get_config(self):
        names = ("fade_images", "stabilise_images")
        return super().get_config(**{name: getattr(self.growth, name) for name in names})


def by_resolution(numbers):
    """A dict by whole numbers, which JSON makes strings of."""
    return {int(resolution): number for resolution, number in numbers.items()}
