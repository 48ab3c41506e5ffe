"""CycleGAN: image-to-image translation without pairs."""

import keras
from keras import ops

from keras_gans.data import UnpairedDataset
from keras_gans.engine.seeds import seed_for
from keras_gans.layers import ImagePool
from keras_gans.losses import least_squares_discriminator, least_squares_generator
from keras_gans.models.translation_model import TranslationModel


@keras.saving.register_keras_serializable(package="keras_gans")
class CycleGAN(TranslationModel):
    """Unpaired translation with cycle-consistent adversarial networks, arXiv:1703.10593.

    For every batch of images a and b, with G: a -> b and F: b -> a (equations 1 to 4, section 4):

        update G and F by the gradient of
            (D_b(G(a)) - 1)^2 + (D_a(F(b)) - 1)^2
            + lambda (|F(G(a)) - a| + |G(F(b)) - b|)
            + lambda * identity (|G(b) - b| + |F(a) - a|)
        draw the fakes that the discriminators see from the pools of earlier ones
        update D_a and D_b by the gradient of half of
            (D_b(b) - 1)^2 + D_b(G(a))^2 + (D_a(a) - 1)^2 + D_a(F(b))^2

    Each fake is computed once per step; all terms and the pools share it.

    Args:
        generator_ab: G, `keras.Model` from images a to images b in [-1, 1], such as
            `resnet_generator`.
        generator_ba: F, the other way.
        discriminator_a: `keras.Model` from images a to raw scores, such as
            `patchgan_discriminator(..., normalization="instance")`.
        discriminator_b: Likewise of images b.
        cycle_weight: Float >= 0, lambda.
        identity_weight: Float >= 0, as a share of `cycle_weight`; 0 where a and b differ in their
            channels.
        pool_size: Integer >= 0, earlier fakes of each kind that are kept; 0 for none. The sides
            of the images must be fixed where there is a pool.
        augment: See `AdversarialModel`.
        seed: Likewise.
        name: Name of the model.

    Raises:
        ValueError: Networks that do not fit together.

    Example:

    ```python
    model = keras_gans.presets.cyclegan((256, 256, 3))
    model.fit(keras_gans.data.unpaired("horses", "zebras", image_shape=(256, 256, 3)), epochs=200)
    model.translate(zebras, direction="b_to_a")
    ```
    """

    dataset_class = UnpairedDataset

    def __init__(
        self,
        generator_ab: keras.Model,
        generator_ba: keras.Model,
        discriminator_a: keras.Model,
        discriminator_b: keras.Model,
        cycle_weight: float = 10.0,
        identity_weight: float = 0.5,
        pool_size: int = 50,
        augment: keras.layers.Layer | None = None,
        seed: int | None = None,
        name: str | None = None,
    ):
        super().__init__(augment=augment, seed=seed, name=name)
        self.generator_ab, self.generator_ba = generator_ab, generator_ba
        self.discriminator_a, self.discriminator_b = discriminator_a, discriminator_b
        self.cycle_weight = cycle_weight
        self.identity_weight = identity_weight
        self.pool_size = pool_size
        shape_a, shape_b = self.image_shapes
        self._check(shape_a, shape_b)
        self.pool_a, self.pool_b = (
            # Without a pool the sides may be open.
            ImagePool(pool_size, shape if pool_size else (1, 1, 1), seed_for(name, self.seed))
            for name, shape in (("pool_a", shape_a), ("pool_b", shape_b))
        )
        self.track("generator_loss", "adversarial", "cycle", "discriminator_loss")
        self.track("discriminator_a", "discriminator_b", "real_score", "fake_score")
        if identity_weight:
            self.track("identity")

    def _check(self, shape_a, shape_b):
        networks = {
            "generator_ba": (self.generator_ba.input_shape[1:], shape_b),
            "generator_ba's output": (self.generator_ba.output_shape[1:], shape_a),
            "discriminator_a": (self.discriminator_a.input_shape[1:], shape_a),
            "discriminator_b": (self.discriminator_b.input_shape[1:], shape_b),
        }
        for name, (shape, wanted) in networks.items():
            if shape != wanted:
                raise ValueError(
                    f"generator_ab turns {shape_a} into {shape_b}, so {name} must have the shape "
                    f"{wanted}; it has {shape}."
                )
        if self.identity_weight and shape_a[-1] != shape_b[-1]:
            raise ValueError(
                f"Images of {shape_a[-1]} and {shape_b[-1]} channels cannot be compared by the "
                "identity term: pass identity_weight=0."
            )
        if self.pool_size and None in (*shape_a, *shape_b):
            raise ValueError(
                f"A pool keeps images of one size; the generators take {shape_a}. Build them for "
                "the size of training (translate() takes others all the same), or pass pool_size=0."
            )

    @property
    def players(self):
        return {
            "generator": [self.generator_ab, self.generator_ba],
            "discriminator": [self.discriminator_a, self.discriminator_b],
        }

    @property
    def generators(self):
        return {"a_to_b": self.generator_ab, "b_to_a": self.generator_ba}

    def default_optimizer(self, player):
        return keras.optimizers.Adam(2e-4, beta_1=0.5, beta_2=0.999, epsilon=1e-8)

    def train_step(self, data):
        a, b = self.pair(data)
        fake_a, fake_b = self.minimize("generator", lambda: self.generator_terms(a, b))
        fake_a, fake_b = self.pool_a(fake_a), self.pool_b(fake_b)
        self.minimize("discriminator", lambda: self.discriminator_terms(a, b, fake_a, fake_b))
        self.end_step(a)
        return self.logs()

    def scores(self, discriminator, images, training):
        """The scores that one of the discriminators gives images."""
        return discriminator(self.augmented(images, training), training=training)

    def boundary(self, given):
        return 0.5  # Least squares: 1 for real, 0 for generated.

    def generator_terms(self, a, b, training=True):
        """The terms of G and F, and their fakes."""

        def g(images):
            return self.generator_ab(images, training=training)

        def f(images):
            return self.generator_ba(images, training=training)

        fake_a, fake_b = f(b), g(a)
        terms = {
            "adversarial": 2.0
            * (
                least_squares_generator(self.scores(self.discriminator_b, fake_b, training))
                + least_squares_generator(self.scores(self.discriminator_a, fake_a, training))
            ),
            "cycle": self.cycle_weight
            * (ops.mean(ops.abs(f(fake_b) - a)) + ops.mean(ops.abs(g(fake_a) - b))),
        }
        if self.identity_weight:
            identity = ops.mean(ops.abs(g(b) - b)) + ops.mean(ops.abs(f(a) - a))
            terms["identity"] = self.cycle_weight * self.identity_weight * identity
        return terms, (fake_a, fake_b)

    def discriminator_terms(self, a, b, fake_a, fake_b, training=True):
        """Each discriminator's loss; least squares in this form is the half of section 4."""
        real_a, fake_a = (self.scores(self.discriminator_a, x, training) for x in (a, fake_a))
        real_b, fake_b = (self.scores(self.discriminator_b, x, training) for x in (b, fake_b))
        self.adapt_augment((real_a, real_b), training)
        self.observe(
            real_score=(ops.mean(real_a) + ops.mean(real_b)) / 2,
            fake_score=(ops.mean(fake_a) + ops.mean(fake_b)) / 2,
        )
        return {
            "discriminator_a": least_squares_discriminator(real_a, fake_a),
            "discriminator_b": least_squares_discriminator(real_b, fake_b),
        }

    def test_step(self, data):
        a, b = self.pair(data)
        generator, (fake_a, fake_b) = self.generator_terms(a, b, training=False)
        self.observe_losses(
            generator=generator,
            discriminator=self.discriminator_terms(a, b, fake_a, fake_b, training=False),
        )
        self.update_scores(b, fake_b)
        return self.logs()
