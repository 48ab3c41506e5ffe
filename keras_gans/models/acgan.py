"""ACGAN: a discriminator that also tells classes, by Odena et al. 2017."""

import dataclasses
from typing import Any

import keras
from keras import ops

from keras_gans import losses
from keras_gans.engine.named_inputs import inputs_of
from keras_gans.models.classifies import Classifies
from keras_gans.models.latent_model import LatentModel


@keras.saving.register_keras_serializable(package="keras_gans")
class ACGAN(LatentModel, Classifies):
    """Conditional image synthesis with auxiliary classifier GANs, arXiv:1610.09585.

    With c the class and S the source, real or fake, of an image, section 4:

        L_S = E[log P(S = real | X_real)] + E[log P(S = fake | X_fake)]
        L_C = E[log P(C = c | X_real)] + E[log P(C = c | X_fake)]

    For every training iteration:

        take images X_real of classes c, sample as many latents z, make X_fake = G(c, z)
        update the discriminator to maximize L_S + L_C
        update the generator to maximize L_C - L_S, on the same X_fake

    What does not depend on the generator is left out of its loss. In place of -L_S it has by
    default the non-saturating form, E[log P(S = real | X_fake)]; `loss="minimax"` is the paper's
    expression. Logged beside the losses are their terms, weighted: `source` (-L_S) and `classes`
    (-L_C), of the generator `fake_source` and `fake_classes`; and the share of images whose class
    the discriminator tells, `real_accuracy` and `fake_accuracy`.

    Args:
        generator: `keras.Model` from inputs named `latents` and `labels` to images in [-1, 1].
        discriminator: Functional `keras.Model` from images to a dict: `scores`, raw scores of
            any shape, and `logits`, a raw score of each class `(n, classes)`.
        latent_dim: Integer; or leave it out and give `latents`.
        loss: Name for `keras_gans.losses.get`, or an `AdversarialLoss`: what stands for L_S.
        discriminator_class_weight: Float, factor of L_C in the discriminator's loss.
        generator_class_weight: Float, factor of L_C in the generator's loss.
        **options: `latents`, `samples`, `ema_decay`, `augment`, `seed` and `name`, see
            `LatentModel`.

    Raises:
        ValueError: Networks that do not fit together, or an unknown loss.

    Example:

    ```python
    shape, classes = (32, 32, 1), 10
    generator = conditional_dcgan_generator(shape, classes)
    model = ACGAN(generator, acgan_discriminator(shape, classes), latent_dim=100)
    model.compile()
    model.fit(images, labels, batch_size=64, epochs=10)
    model.generate(labels=[0, 1, 2])
    model.classify(images)
    ```
    """

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        latent_dim: int | None = None,
        loss: str | losses.AdversarialLoss = "non_saturating",
        discriminator_class_weight: float = 1.0,
        generator_class_weight: float = 1.0,
        **options: Any,
    ):
        super().__init__(generator, latent_dim, **options)
        self.check_discriminator(discriminator)
        self.discriminator = discriminator
        self.classes = told_classes(discriminator)
        self._check_labels()
        self.adversarial_loss = losses.get_of_scores(loss)
        self.discriminator_class_weight = discriminator_class_weight
        self.generator_class_weight = generator_class_weight
        self.track("discriminator_loss", "generator_loss", "real_score", "fake_score")
        self.track("source", "classes", "fake_source", "fake_classes")
        self.track("real_accuracy", "fake_accuracy")

    def _check_labels(self):
        labels = super().conditions.get("labels")
        if labels is None or labels.shape:
            raise ValueError(
                "ACGAN makes images of the classes that its discriminator tells: the generator "
                'needs an input of ids, keras.Input((), dtype="int32", name="labels"); it has '
                f"{', '.join(inputs_of(self.generator))}."
            )
        if labels.classes not in (None, self.classes):
            raise ValueError(
                f"The discriminator tells {self.classes} classes, the generator makes images of "
                f"{labels.classes}: build both for one number."
            )

    @property
    def conditions(self):
        conditions = super().conditions
        labels = dataclasses.replace(conditions["labels"], high=self.classes - 1)
        return {**conditions, "labels": labels}

    @property
    def players(self):
        return {"discriminator": [self.discriminator], "generator": [self.generator]}

    def served_classifier(self, weights="averaged"):
        return self.discriminator

    def endpoints(self, weights="averaged"):
        return {**super().endpoints(weights), "classify": self.classify_endpoint(weights)}

    def default_optimizer(self, player):
        return keras.optimizers.Adam(2e-4, beta_1=0.5, beta_2=0.999, epsilon=1e-8)

    def train_step(self, data):
        batch = self.batch(data)
        fake = self.forward_once("generator", lambda: self.fake(batch))
        self.minimize("discriminator", lambda: self.discriminator_terms(batch, fake.output))
        self.minimize("generator", lambda fake: self.generator_terms(batch, fake), through=fake)
        self.end_step(batch)
        return self.logs()

    def judge(self, samples, training):
        """What the discriminator says: a dict of scores and of logits of the classes."""
        return self.discriminator(self.augmented(samples, training), training=training)

    def discriminator_terms(self, batch, fake, training=True):
        """-L_S and -L_C, weighted."""
        labels = batch.conditions["labels"]
        real = self.judge(batch.samples, training)
        fake = self.judge(ops.stop_gradient(fake), training)
        self.adapt_augment(real["scores"], training)
        for name, seen in (("real", real), ("fake", fake)):
            told = ops.cast(ops.argmax(seen["logits"], axis=-1), labels.dtype)
            share = ops.mean(ops.cast(told == labels, "float32"))
            self.observe(**{f"{name}_accuracy": share, f"{name}_score": ops.mean(seen["scores"])})
        source = self.adversarial_loss.discriminator_loss(real["scores"], fake["scores"])
        classes = cross_entropy(labels, real["logits"]) + cross_entropy(labels, fake["logits"])
        return {"source": source, "classes": self.discriminator_class_weight * classes}

    def generator_terms(self, batch, fake, training=True):
        """L_S and -L_C, weighted, as far as they depend on the generator."""
        seen = self.judge(fake, training)
        real_scores = None
        if self.adversarial_loss.needs_real:
            real_scores = self.judge(batch.samples, training)["scores"]
        classes = cross_entropy(batch.conditions["labels"], seen["logits"])
        return {
            "fake_source": self.adversarial_loss.generator(seen["scores"], real_scores),
            "fake_classes": self.generator_class_weight * classes,
        }

    def test_step(self, data):
        batch = self.batch(data)
        fake = self.imagined(batch)
        self.observe_losses(
            discriminator=self.discriminator_terms(batch, fake, training=False),
            generator=self.generator_terms(batch, fake, training=False),
        )
        self.update_scores(batch.samples, fake)
        return self.logs()

    def get_config(self):
        return super().get_config(loss=self.adversarial_loss)


def cross_entropy(labels, logits):
    """-E[log P(C = c)] of raw scores `(n, classes)`, in float32."""
    logits = ops.cast(logits, "float32")
    return ops.mean(ops.sparse_categorical_crossentropy(labels, logits, from_logits=True))


def told_classes(discriminator):
    """How many classes a discriminator of images alone tells; a sentence where it is none."""
    made = getattr(discriminator, "output", None)
    made = made if isinstance(made, dict) else {}
    fits = made.keys() == {"scores", "logits"} and len(made["logits"].shape) == 2
    if not fits or len(inputs_of(discriminator)) != 1:
        raise ValueError(
            "The discriminator of ACGAN is a functional model of images alone whose outputs are a "
            'dict of raw scores and class logits: keras.Model(images, {"scores": ..., "logits": '
            f"...}}), with logits (n, classes). This one takes "
            f"{', '.join(inputs_of(discriminator)) or 'inputs without a name'} and makes "
            f"{', '.join(made) or 'no dict'}."
        )
    return made["logits"].shape[1]
