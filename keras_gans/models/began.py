"""BEGAN: an autoencoder as discriminator, in balance with its generator, by Berthelot et al."""

from typing import Any

import keras
from keras import ops

from keras_gans.engine.backend import backend
from keras_gans.models.latent_model import LatentModel
from keras_gans.schedules import Controlled


@keras.saving.register_keras_serializable(package="keras_gans")
class BEGAN(LatentModel):
    """Boundary equilibrium GAN, arXiv:1703.10717.

    The discriminator D gives samples back as an autoencoder does; L(v) = |v - D(v)| is its error,
    a mean over the numbers of a sample. The losses, for every training iteration:

        sample a batch of examples x and one of noise z
        update the discriminator by the gradient of L(x) - k L(G(z))
        update the generator by the gradient of L(G(z))
        k <- clip(k + lambda (gamma L(x) - L(G(z))), 0, 1)

    k begins at 0 and weighs how much the discriminator minds generated samples: it rises while
    their error is below a share gamma of that of real ones, so that neither player wins. What
    `convergence` says in the logs is M = L(x) + |gamma L(x) - L(G(z))|, which falls while the
    samples get better. `real_error` and `fake_error` are L(x) and L(G(z)), and `k` is that of
    the losses. Both players' moves see the same noise, as in the widely used program
    carpedm20/BEGAN-tensorflow. It runs both halves through the autoencoder in one batch, which for
    networks without batch normalization is the same as one by one.

    Args:
        generator: `keras.Model` from latents `(n, latent_dim)` to images in [-1, 1].
        discriminator: `keras.Model` from images to images of the same shape.
        latent_dim: Integer; or leave it out and give `latents`.
        diversity: Float gamma in [0, 1], the diversity ratio: a lower one makes better samples of
            less diversity.
        gain: Float lambda >= 0, the proportional gain of k.
        **options: `latents`, `samples`, `ema_decay`, `augment`, `seed` and `name`, see
            `LatentModel`.

    Raises:
        ValueError: Networks that do not fit together, or a number out of its range.

    Example:

    ```python
    shape = (32, 32, 3)
    model = BEGAN(began_generator(shape), began_discriminator(shape), latents=Uniform(64))
    model.compile()
    history = model.fit(images, batch_size=16, epochs=10)
    history.history["convergence"]
    ```
    """

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        latent_dim: int | None = None,
        diversity: float = 0.5,
        gain: float = 0.001,
        **options: Any,
    ):
        super().__init__(generator, latent_dim, **options)
        self.check_discriminator(discriminator)
        if tuple(discriminator.output_shape[1:]) != self.image_shape:
            raise ValueError(
                f"The discriminator of BEGAN is an autoencoder: it takes {self.image_shape} and "
                f"makes {tuple(discriminator.output_shape[1:])}. Let it make what it takes."
            )
        if not 0 <= diversity <= 1 or not gain >= 0:
            raise ValueError(
                "diversity lies in [0, 1] and gain is 0 or more; they were "
                f"{diversity!r} and {gain!r}."
            )
        self.discriminator = discriminator
        self.diversity = diversity
        self.gain = gain
        self.k = Controlled(0.0, low=0.0, high=1.0, name="k")
        self.track("discriminator_loss", "generator_loss")
        self.track("real_error", "fake_error", "k", "convergence")

    @property
    def players(self):
        return {"discriminator": [self.discriminator], "generator": [self.generator]}

    def default_optimizer(self, player):
        return keras.optimizers.Adam(8e-5, beta_1=0.5, beta_2=0.999, epsilon=1e-8)

    def train_step(self, data):
        batch = self.batch(data)
        fake = self.forward_once("generator", lambda: self.fake(batch))
        errors = self.minimize(
            "discriminator", lambda: self.discriminator_loss(batch, ops.stop_gradient(fake.output))
        )
        self.minimize("generator", lambda fake: self.generator_loss(batch, fake), through=fake)
        self.k.move(self.gain * self.balance(*errors))
        self.end_step(batch)
        return self.logs()

    def boundary(self, given):
        return None  # D gives no scores.

    def errors(self, samples, batch, training):
        """L(v) of each sample, as the discriminator sees it: float32 tensor `(n,)`."""
        samples = self.augmented(samples, training)
        again = self.run(self.discriminator, samples, batch.conditions, training=training)
        error = ops.abs(ops.cast(samples, "float32") - ops.cast(again, "float32"))
        return ops.mean(error, axis=tuple(range(1, len(error.shape))))

    def discriminator_loss(self, batch, fake, training=True):
        """The loss, and the errors of real and of generated samples."""
        real = self.errors(batch.samples, batch, training)
        fake = self.errors(fake, batch, training)
        return ops.mean(real) - self.k.value * ops.mean(fake), (real, fake)

    def generator_loss(self, batch, fake, training=True):
        return ops.mean(self.errors(fake, batch, training))

    def balance(self, real, fake):
        """gamma L(x) - L(G(z)) over the whole batch; zero where both players are in balance."""
        real, fake = backend.replica_mean(real), backend.replica_mean(fake)
        balance = self.diversity * real - fake
        self.observe(real_error=real, fake_error=fake, k=self.k.value)
        self.observe(convergence=real + ops.abs(balance))
        return balance

    def test_step(self, data):
        batch = self.batch(data)
        fake = self.imagined(batch)
        loss, errors = self.discriminator_loss(batch, fake, training=False)
        self.observe_losses(
            discriminator=loss, generator=self.generator_loss(batch, fake, training=False)
        )
        self.balance(*errors)
        self.update_scores(batch.samples, fake)
        return self.logs()
