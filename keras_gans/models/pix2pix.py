"""Pix2Pix: image-to-image translation from pairs."""

import keras
from keras import ops

from keras_gans import losses
from keras_gans.models.translation_model import TranslationModel


@keras.saving.register_keras_serializable(package="keras_gans")
class Pix2Pix(TranslationModel):
    """Image-to-image translation with conditional adversarial networks, arXiv:1611.07004.

    For every batch of pairs (x, y) (equations 1 to 4 and section 3.3):

        update D by the gradient of 1/2 (-log D(x, y) - log(1 - D(x, G(x))))
        update G by the gradient of -log D(x, G(x)) + lambda |y - G(x)|

    The only noise of G is its dropout. The paper leaves it on at inference, and normalizes by
    the statistics of the image at hand, which at batch size 1 are those of training:
    `noise_at_inference=True` does both, image by image, from a seed. Without it, dropout is off
    and batch normalization uses its moving statistics, as for a model trained on larger batches.

    The ablations of the paper (section 4.1) are one argument each: `discriminator=None` is L1
    alone, `l1_weight=0.0` the conditional GAN alone, a discriminator on as many channels as the
    target has sees no source, and `patchgan_discriminator` has the receptive fields.

    Args:
        generator: `keras.Model` from images to images in [-1, 1], such as `unet_generator`.
        discriminator: `keras.Model` to raw scores of any shape, no sigmoid; from the channels of
            source and target together, or of the target alone. `None` trains on L1 alone.
        loss: Name for `keras_gans.losses.get`, or an `AdversarialLoss`.
        l1_weight: Float >= 0, lambda.
        noise_at_inference: Bool, see above.
        augment: See `AdversarialModel`. Source and target are transformed alike; it has to take a
            tuple of both where the discriminator does.
        seed: See `AdversarialModel`.
        name: Name of the model.

    Raises:
        ValueError: Networks that do not fit together, or an unknown loss.

    Example:

    ```python
    shape = (256, 256, 3)
    model = Pix2Pix(unet_generator(shape), patchgan_discriminator((256, 256, 6)))
    model.compile()
    model.fit(sources, targets, batch_size=1, epochs=200)
    model.translate(sources[:8])
    ```
    """

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        loss: str | losses.AdversarialLoss = "non_saturating",
        l1_weight: float = 100.0,
        noise_at_inference: bool = True,
        augment: keras.layers.Layer | None = None,
        seed: int | None = None,
        name: str | None = None,
    ):
        super().__init__(
            noise_at_inference=noise_at_inference, augment=augment, seed=seed, name=name
        )
        self.generator = generator
        self.discriminator = discriminator
        self.adversarial_loss = losses.get_of_scores(loss)
        self.l1_weight = l1_weight
        source, target = (shape[-1] for shape in self.image_shapes)
        taken = None if discriminator is None else discriminator.input_shape[-1]
        if taken not in (None, target, source + target):
            raise ValueError(
                f"The generator makes {target} channels from {source}; the discriminator must "
                f"take {source + target} (both) or {target} (the target alone), not {taken}."
            )
        self.conditional = taken == source + target
        self.track("generator_loss", "l1")
        if discriminator is not None:
            self.track("discriminator_loss", "adversarial", "real_score", "fake_score")

    @property
    def players(self):
        discriminator = {"discriminator": [self.discriminator]} if self.discriminator else {}
        return {**discriminator, "generator": [self.generator]}

    @property
    def generators(self):
        return {"source_to_target": self.generator}

    def default_optimizer(self, player):
        return keras.optimizers.Adam(2e-4, beta_1=0.5, beta_2=0.999, epsilon=1e-8)

    def train_step(self, data):
        source, target = self.pair(data)
        fake = self.forward_once("generator", lambda: self.generator(source, training=True))
        if self.discriminator is not None:
            self.minimize(
                "discriminator", lambda: self.discriminator_loss(source, target, fake.output)
            )
        self.minimize(
            "generator", lambda fake: self.generator_terms(source, target, fake), through=fake
        )
        self.end_step(source)
        return self.logs()

    def scores(self, source, image, training):
        """D's scores of `image` as a translation of `source`."""
        if self.conditional:
            seen = ops.concatenate(self.augmented((source, image), training), axis=-1)
        else:
            seen = self.augmented(image, training)
        return self.discriminator(seen, training=training)

    def discriminator_loss(self, source, target, fake, training=True):
        """Half of the adversarial loss, which slows D down beside G (section 3.3)."""
        real_scores = self.scores(source, target, training)
        fake_scores = self.scores(source, fake, training)
        self.adapt_augment(real_scores, training)
        self.observe(real_score=ops.mean(real_scores), fake_score=ops.mean(fake_scores))
        return 0.5 * self.adversarial_loss.discriminator_loss(real_scores, fake_scores)

    def generator_terms(self, source, target, fake, training=True):
        """The adversarial term, where there is a discriminator, and the weighted L1."""
        l1 = {"l1": self.l1_weight * ops.mean(ops.abs(target - fake))}
        if self.discriminator is None:
            return l1
        real_scores = None
        if self.adversarial_loss.needs_real:
            real_scores = self.scores(source, target, training)
        fake_scores = self.scores(source, fake, training)
        return {"adversarial": self.adversarial_loss.generator(fake_scores, real_scores), **l1}

    def test_step(self, data):
        source, target = self.pair(data)
        fake = self(source)
        terms = {"generator": self.generator_terms(source, target, fake, training=False)}
        if self.discriminator is not None:
            terms["discriminator"] = self.discriminator_loss(source, target, fake, training=False)
        self.observe_losses(**terms)
        self.update_scores(target, fake)
        return self.logs()

    def get_config(self):
        return super().get_config(loss=self.adversarial_loss)
