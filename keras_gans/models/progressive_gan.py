"""ProgressiveGAN: a GAN that grows while it trains."""

import math
import types

import keras
from keras import ops

from keras_gans import losses
from keras_gans.data import GrowingImages, ImageDataset
from keras_gans.engine.backend import backend
from keras_gans.engine.data_order import is_array
from keras_gans.engine.keras_internals import set_steps
from keras_gans.engine.optimizers import outlive_restarts, restart
from keras_gans.engine.stock_callbacks import has_schedule
from keras_gans.layers import Blend
from keras_gans.models.latent_model import LatentModel
from keras_gans.networks.progressive import enlarged, reduced
from keras_gans.schedules import Growth

# Images in a minibatch of each resolution (the authors' config.py, for one GPU).
MINIBATCHES = {4: 128, 8: 128, 16: 128, 32: 64, 64: 32, 128: 16, 256: 8, 512: 4, 1024: 4}


@keras.saving.register_keras_serializable(package="keras_gans")
class ProgressiveGAN(LatentModel):
    """Progressive growing of GANs, arXiv:1710.10196.

    For every minibatch x of images:

        reduce x to the resolution r of the moment
        x <- (1 - alpha) up(down(x)) + alpha x
        update D by the gradient of
            E[D(G(z))] - E[D(x)] + 10 E[(|grad D(x~)| - 1)^2] + 0.001 E[D(x)^2]
        update G by the gradient of - E[D(G(z))]
        add the number of images to those seen, on which r and alpha depend

    One `fit` on full images grows through all resolutions: images come as large and as many at
    once as the resolution of the moment has them, and every step is one update of both players.
    Which layers run follows from the images seen; the train step is traced anew once for each
    resolution and at no other time. The optimizers forget their moments, and that they corrected
    their bias, where a fade begins and where it ends, those of the old layers too, as in the
    authors' code; a learning-rate schedule goes on. Metrics compare full images with generated
    ones enlarged.

    Args:
        generator: `keras.Model` such as `progressive_generator`.
        discriminator: `keras.Model` such as `progressive_discriminator`.
        latent_dim: Integer.
        fade_images: Integer, images over which a resolution fades in. The paper has 800,000, the
            authors' code 600,000.
        stabilise_images: Integer, images that are trained at each resolution without a fade.
        minibatches: Dict from resolutions to images in a train step, on all devices together. A
            resolution that is left out has the number of the next smaller one. `None` for the
            authors' numbers for one GPU; for eight they have {4: 512, 8: 256, 16: 128, 32: 64,
            64: 32}.
        rate_factors: Dict from resolutions to factors of the learning rates; the authors have
            {1024: 1.5}. Those of schedules are multiplied likewise.
        penalty_weight: Float, of the gradient penalty.
        drift_weight: Float, of D(x)^2.
        ema_decay: See `LatentModel`.
        **options: `latents`, `samples`, `seed` and `name`, see `LatentModel`.

    Raises:
        ValueError: Networks that do not fit together, or a number out of its range.

    Example:

    ```python
    model = ProgressiveGAN(
        progressive_generator((64, 64, 3)), progressive_discriminator((64, 64, 3)), 512
    )
    model.compile()
    model.fit(images, epochs=60)
    model.generate(16, resolution=32)
    ```
    """

    def __init__(
        self,
        generator,
        discriminator,
        latent_dim=None,
        fade_images=600_000,
        stabilise_images=600_000,
        minibatches=None,
        rate_factors=None,
        penalty_weight=10.0,
        drift_weight=1e-3,
        ema_decay=0.999,
        **options,
    ):
        super().__init__(generator, latent_dim, ema_decay=ema_decay, **options)
        self.check_discriminator(discriminator)
        self.discriminator = discriminator
        self.growth = Growth(generator.levels, fade_images, stabilise_images)
        self.minibatches = by_resolution(MINIBATCHES if minibatches is None else minibatches)
        self.rate_factors = by_resolution(rate_factors or {})
        self.penalty_weight = penalty_weight
        self.drift_weight = drift_weight
        self.penalty_seed = self.seed_generator("penalty")
        self.blend = Blend(dtype="float32")
        self.images_seen = self.add_weight(
            (),
            "zeros",
            dtype="int32",
            trainable=False,
            aggregation="only_first_replica",
            name="images_seen",
        )
        self.seen_before_epoch, self.phase = (
            self.add_weight((), "zeros", dtype="int32", trainable=False, name=name)
            for name in ("seen_before_epoch", "phase")
        )
        self.level = 0
        self.batch_size = None  # At most so many images in a step.
        # Past Keras, which would make them parts of the model.
        self._smaller = types.SimpleNamespace(generators={})
        self.track("discriminator_loss", "generator_loss", "real_score", "fake_score")
        self.track("adversarial", "penalty", "drift")

    @property
    def players(self):
        return {"discriminator": [self.discriminator], "generator": [self.generator]}

    def default_optimizer(self, player):
        return keras.optimizers.Adam(1e-3, beta_1=0.0, beta_2=0.99, epsilon=1e-8)

    @property
    def resolution(self):
        """Pixels along a side of the images that are trained now."""
        return self.generator.side(self.level)

    def alpha(self):
        """How far the resolution has faded in: float32 scalar in [0, 1]."""
        return self.growth.alpha(ops.convert_to_tensor(self.images_seen), self.level)

    def train_step(self, data):
        alpha = self.alpha()
        batch = self.batch(data)
        batch = batch._replace(samples=self.faded(batch.samples, alpha))
        fake = self.forward_once("generator", lambda: self.fake(batch, alpha))
        self.minimize("discriminator", lambda: self.discriminator_terms(batch, fake.output, alpha))
        self.minimize("generator", lambda x: self.generator_loss(batch, x, alpha), through=fake)
        self.images_seen.assign_add(backend.replica_sum(ops.shape(batch.samples)[0]))
        self.update_average()
        return self.logs()

    def faded(self, images, alpha):
        """Images at the resolution of the moment, blended with the one below."""
        images = backend.of_side(images, self.resolution)
        images = reduced(images, images.shape[1] // self.resolution)
        if self.level == 0:
            return images
        return self.blend(enlarged(reduced(images, 2), 2), images, alpha=alpha)

    def fake(self, batch, alpha):
        """As many generated images as there are real ones."""
        latents = self.sample_latents(batch.samples)
        return self.of_moment(self.generator, latents, batch, alpha, training=True)

    def of_moment(self, network, x, batch, alpha, training):
        """What the layers of the moment make of x, under the conditions of a batch."""
        return self.run(
            network, x, batch.conditions, level=self.level, alpha=alpha, training=training
        )

    def discriminator_terms(self, batch, fake, alpha, training=True):
        """The critic's loss, its penalty and its drift from zero."""

        def scores(images, training=training):
            return self.of_moment(self.discriminator, images, batch, alpha, training)

        real_scores, fake_scores = scores(batch.samples), scores(fake)
        self.observe(real_score=ops.mean(real_scores), fake_score=ops.mean(fake_scores))
        seed = self.penalty_seed if training else self.evaluation_seed
        penalty = losses.gradient_penalty(scores, batch.samples, fake, seed=seed)
        return {
            "adversarial": losses.wasserstein_discriminator(real_scores, fake_scores),
            "penalty": self.penalty_weight * penalty,
            "drift": self.drift_weight * ops.mean(ops.square(real_scores)),
        }

    def generator_loss(self, batch, fake, alpha, training=True):
        scores = self.of_moment(self.discriminator, fake, batch, alpha, training)
        return losses.wasserstein_generator(scores)

    def test_step(self, data):
        batch, alpha = self.batch(data), self.alpha()
        real, fake = batch.samples, self.imagined(batch)
        batch = batch._replace(samples=self.faded(real, alpha))
        self.observe_losses(
            discriminator=self.discriminator_terms(batch, fake, alpha, training=False),
            generator=self.generator_loss(batch, fake, alpha, training=False),
        )
        self.update_scores(real, enlarged(fake, real.shape[1] // fake.shape[1]))
        return self.logs()

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

    def compile(self, *optimizers, **arguments):
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

    def fit(self, x=None, y=None, batch_size=None, epochs=1, callbacks=None, **arguments):
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
        if arguments.get("steps_per_epoch") and (isinstance(x, ImageDataset) or is_array(x)):
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
            x = GrowingImages(x, self.stage, number(self.images_seen), self.steps_per_execution)
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
        num_images=None,
        seed=None,
        latents=None,
        batch_size=64,
        resolution=None,
        **conditions,
    ):
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


class FollowGrowth(keras.callbacks.Callback):
    """Lays out the epochs of `fit`, and begins each phase of growth between two steps of it.

    How many images were seen is known when the device has done its steps. Waiting for each of
    them would keep it idle, and so the next look is due when the phase can be over.

    Args:
        bar: The progress bar.
    """

    def __init__(self, bar):
        super().__init__()
        self.bar = bar

    def on_train_begin(self, logs=None):
        self.iterator = self.model.epoch_iterator
        self._begin_epoch()  # A checkpoint may say otherwise.

    def _begin_epoch(self):
        self.model.seen_before_epoch.assign(number(self.model.images_seen))

    def on_epoch_begin(self, epoch, logs=None):
        self.steps_to_go = 0
        x = self.model.data_order.x
        if isinstance(x, GrowingImages):
            x.begin(number(self.model.seen_before_epoch))
            self.params["steps"] = self.bar.target = len(x)
            set_steps(self.iterator, len(x))

    def on_train_batch_begin(self, batch, logs=None):
        if self.steps_to_go <= 0:
            left, size = self.model.follow_growth(), self._images_of_a_step()
            self.steps_to_go = left if left == math.inf else left // size + 1
        self.steps_to_go -= self.model.steps_per_execution

    def _images_of_a_step(self):
        x = self.model.data_order.x
        if isinstance(x, GrowingImages):
            return self.model.stage(number(self.model.images_seen))[1]
        spec = keras.tree.flatten(getattr(x, "element_spec", None))
        size = spec[0].shape[0] if spec and spec[0] is not None else None
        return size or math.inf  # Where nobody knows, the next look is before the next step.

    def on_epoch_end(self, epoch, logs=None):
        self._begin_epoch()


def number(variable):
    return int(ops.convert_to_numpy(variable))


def by_resolution(numbers):
    """A dict by whole numbers, which JSON makes strings of."""
    return {int(resolution): number for resolution, number in numbers.items()}
