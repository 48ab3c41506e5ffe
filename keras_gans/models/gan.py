"""GAN: the two-player game of Goodfellow et al. 2014."""

import functools
from collections.abc import Callable, Sequence
from typing import Any

import keras
from keras import ops

from keras_gans import losses
from keras_gans.engine.averages import shadow_of, update_average
from keras_gans.engine.chunks import check_whole_number
from keras_gans.engine.named_inputs import inputs_of
from keras_gans.losses.weighted import check_weight
from keras_gans.models.latent_model import LatentModel
from keras_gans.schedules import is_schedule
from keras_gans.typing import Number, Tensor

Penalties = str | Callable[..., Tensor] | losses.Penalty | Sequence[losses.Penalty]


@keras.saving.register_keras_serializable(package="keras_gans")
class GAN(LatentModel):
    """Generative adversarial nets, arXiv:1406.2661.

    Algorithm 1, for every training iteration:

        for k steps do
            sample a minibatch of noise z and of examples x
            update the discriminator by the gradient of V(D, G)
        end for
        sample a minibatch of noise z
        update the generator by the gradient of V(D, G)

    With `discriminator_steps=1` the generator's update reuses the minibatch of noise that the
    discriminator has just seen, and the run of the generator on it; `resample_latents=True`
    samples afresh, as the algorithm box does. Measured on 32x32 images (width 32, batch 32;
    `python -m benchmarks.shared_forward --epochs 4`): fresh noise takes 1.14 times the processor
    time per step, and after four epochs the Frechet distance is 8.2 against 8.5 from 57 untrained,
    a difference within the noise of a run.

    With `loss="wasserstein"`, `penalty="gradient_penalty"` and `discriminator_steps=5` it is line
    by line algorithm 1 of WGAN-GP, arXiv:1704.00028, which therefore is no model of its own.

    Args:
        generator: `keras.Model` from latents `(n, latent_dim)` to images in [-1, 1].
        discriminator: `keras.Model` from images to raw scores of any shape, no sigmoid; or to a
            dict of such `scores` and of `features`, activations that the generator can be
            trained to match: `loss="feature_matching"`, arXiv:1606.03498, section 3.1. Where
            networks have further inputs, such as `labels`, it is the conditional GAN,
            arXiv:1411.1784; see `LatentModel`. An input that is also named after one of `latents`
            is told of real samples by the data, and drawn by `generate` where it is not given.
        latent_dim: Integer; or leave it out and give `latents`.
        loss: Name for `keras_gans.losses.get`, or an `AdversarialLoss`.
        penalty: Name of a penalty of `keras_gans.losses`, such as "gradient_penalty" and "r1", or a
            function of that form; a `keras_gans.losses.Penalty`, or a list of several, each with
            its weight; or `None`.
        penalty_weight: Float >= 0, or a schedule of it: factor of a penalty that is given by its
            name, or as a function, in the discriminator's loss. `None` for 10.
        discriminator_steps: Integer k >= 1. A batch of `fit` is cut into k minibatches that
            share no image; give `fit` k times the minibatch as its `batch_size`. Or a schedule
            of k: then a batch is one minibatch, and the generator moves in every k-th step only,
            though its loss is computed, and its average moves, in all of them.
        resample_latents: Bool, see above.
        label_flipping: Float in [0, 1], or a schedule of it: the share of real and generated
            images that the discriminator takes for each other in a training step.
        historical_averaging: Float >= 0, or a schedule of it: how much each player pays for the
            squared distance of its weights from the mean of what they have been, arXiv:1606.03498,
            section 3.3. The means are of the first weights and of those after each step. With it
            the generator has a run of its own, as with `resample_latents`: through the shared
            one it would learn by its images alone.
        **options: `latents`, `samples`, `ema_decay`, `augment`, `seed` and `name`, see
            `LatentModel`.

    Raises:
        ValueError: Networks that do not fit together, an unknown loss or penalty, or a number
            out of its range.

    Example:

    ```python
    gan = GAN(dcgan_generator((32, 32, 1)), dcgan_discriminator((32, 32, 1)), latent_dim=100)
    gan.compile()
    gan.fit(images, batch_size=64, epochs=10)
    gan.generate(16)

    shape, classes = (32, 32, 1), 10
    generator = conditional_dcgan_generator(shape, classes)
    gan = GAN(generator, conditional_dcgan_discriminator(shape, classes), latent_dim=100)
    gan.compile()
    gan.fit(images, labels, batch_size=64, epochs=10)
    gan.generate(labels=[0, 1, 2])
    ```
    """

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        latent_dim: int | None = None,
        loss: str | losses.AdversarialLoss = "non_saturating",
        penalty: Penalties | None = None,
        penalty_weight: Number | None = None,
        discriminator_steps: int | keras.optimizers.schedules.LearningRateSchedule = 1,
        resample_latents: bool = False,
        label_flipping: Number = 0.0,
        historical_averaging: Number = 0.0,
        **options: Any,
    ):
        super().__init__(generator, latent_dim, **options)
        self.check_discriminator(discriminator)
        if not is_schedule(discriminator_steps):
            check_whole_number("discriminator_steps", discriminator_steps, 1)
        self.discriminator = discriminator
        self.adversarial_loss = losses.get(loss)
        self._check_outputs()
        self.penalty = penalty
        self.penalties = losses.as_penalties(penalty, penalty_weight)
        self.penalty_weight = penalty_weight
        self.discriminator_steps = discriminator_steps
        self.resample_latents = resample_latents
        self.penalty_seed = self.seed_generator("penalty")
        self.label_flipping = label_flipping
        if not is_schedule(label_flipping) and not 0 <= label_flipping <= 1:
            raise ValueError(
                "label_flipping is a share of images, from 0 to 1, or a schedule of it; it was "
                f"{label_flipping!r}."
            )
        check_weight(historical_averaging)
        if label_flipping:
            self.flipping_seed = self.seed_generator("flipping")
        self.historical_averaging = historical_averaging
        if historical_averaging:
            self.past_discriminator = shadow_of(discriminator)
            self.past_generator = shadow_of(generator)
            self.track("discriminator_history", "generator_history", "generator_adversarial")
        self.track("discriminator_loss", "generator_loss", "real_score", "fake_score")
        if self.penalties or historical_averaging:
            self.track("adversarial", *(penalty.name for penalty in self.penalties))

    def _check_outputs(self):
        network = self.discriminator
        made = getattr(network, "output", getattr(network, "outputs", None))  # Of a `Sequential`.
        needed = {"scores", "features"} if self.adversarial_loss.needs_features else {"scores"}
        made = made if isinstance(made, dict) or made is None else {"scores": made}
        if made is not None and (missing := needed - made.keys()):
            raise ValueError(
                f"The loss {self.adversarial_loss.name!r} needs {' and '.join(sorted(needed))} of "
                f"the discriminator; this one makes {', '.join(made)}, without "
                f"{' and '.join(sorted(missing))}. Let its outputs be a dict: keras.Model(images, "
                '{"scores": ..., "features": ...}).'
            )

    @property
    def players(self):
        return {"discriminator": [self.discriminator], "generator": [self.generator]}

    @property
    def told_in_training(self):
        named = inputs_of(self.discriminator)
        return self.latents.keys() & named.keys() if len(named) > 1 else set()

    def default_optimizer(self, player):
        # The paper of the GAN names no numbers for images; these are DCGAN's.
        return keras.optimizers.Adam(2e-4, beta_1=0.5, beta_2=0.999, epsilon=1e-8)

    def train_step(self, data):
        batch = self.batch(data)
        shared = not self.resample_latents and not self.historical_averaging
        if self.discriminator_steps == 1 and shared:
            fake = self.forward_once("generator", lambda: self.fake(batch))
            self.minimize("discriminator", lambda: self.discriminator_terms(batch, fake.output))
            self.minimize("generator", lambda fake: self.generator_loss(batch, fake), through=fake)
        else:
            for part in self.split(batch, self.discriminator_steps):
                self.minimize("discriminator", lambda: self.discriminator_terms(part))
            due = self.due(self.discriminator_steps)
            self.minimize("generator", lambda: self.generator_loss(part), when=due)
        self.end_step(batch)
        return self.logs()

    def move_averages(self, images):
        if self.historical_averaging:
            past = 1.0 - 1.0 / (ops.cast(self.steps_seen, "float32") + 2.0)
            update_average(self.past_discriminator, self.discriminator, past)
            update_average(self.past_generator, self.generator, past)
        super().move_averages(images)

    def judged(self, samples, batch, training):
        """What the discriminator says of samples: `scores`, and `features` where it gives them."""
        made = self.run(self.discriminator, samples, batch.conditions, training=training)
        return made if isinstance(made, dict) else {"scores": made}

    def discriminator_terms(self, batch, fake=None, training=True):
        """The discriminator's loss, what it pays beside it apart where there is something."""
        seen = functools.partial(self.augmented, training=training)  # Also by penalties.

        def scores(samples, training=training):
            return self.judged(seen(samples), batch, training)["scores"]

        real, fake = batch.samples, ops.stop_gradient(self.fake(batch) if fake is None else fake)
        real_scores, fake_scores = scores(real), scores(fake)
        self.adapt_augment(real_scores, training)
        self.observe(real_score=ops.mean(real_scores), fake_score=ops.mean(fake_scores))
        if self.label_flipping and training:
            share = self.value_of(self.label_flipping)
            real_scores, fake_scores = losses.flip_labels(
                real_scores, fake_scores, share, self.flipping_seed
            )
        loss = self.adversarial_loss.discriminator_loss(real_scores, fake_scores)
        seed = self.penalty_seed if training else self.evaluation_seed
        terms = {"adversarial": loss}
        for penalty in self.penalties:

            def paid(weight, penalty=penalty.penalty):
                return weight * penalty(scores, real, fake, seed=seed)

            n, weight = penalty.every, self.value_of(penalty.weight)
            lazy = training and n > 1
            terms[penalty.name] = (
                self.every(n, "discriminator", lambda: paid(n * weight)) if lazy else paid(weight)
            )
        if self.historical_averaging:
            terms["discriminator_history"] = self.distance_from_past(
                self.discriminator, self.past_discriminator
            )
        return terms if len(terms) > 1 else loss

    def generator_loss(self, batch, fake=None, training=True):
        """The generator's loss; relativistic ones compare with the scores of real samples."""
        read = "features" if self.adversarial_loss.needs_features else "scores"

        def seen(samples):
            return self.judged(self.augmented(samples, training), batch, training)[read]

        fake = self.fake(batch) if fake is None else fake
        real_seen = seen(batch.samples) if self.adversarial_loss.needs_real else None
        loss = self.adversarial_loss.generator(seen(fake), real_seen)
        if not self.historical_averaging:
            return loss
        history = self.distance_from_past(self.generator, self.past_generator)
        return {"generator_adversarial": loss, "generator_history": history}

    def distance_from_past(self, network, past):
        """What a player pays for the distance of its weights from the mean of their past."""
        means = {id(v): a for v, a in zip(network.weights, past.weights, strict=True)}
        theta = network.trainable_variables
        distance = losses.historical_averaging(theta, [means[id(v)] for v in theta])
        return self.value_of(self.historical_averaging) * distance

    def test_step(self, data):
        batch = self.batch(data)
        fake = self.imagined(batch)
        self.observe_losses(
            discriminator=self.discriminator_terms(batch, fake, training=False),
            generator=self.generator_loss(batch, fake, training=False),
        )
        self.update_scores(batch.samples, fake)
        return self.logs()

    def get_config(self):
        penalty = losses.penalty_identifier(self.penalty)
        return super().get_config(loss=self.adversarial_loss, penalty=penalty)
