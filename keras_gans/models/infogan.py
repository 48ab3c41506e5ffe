"""InfoGAN: codes that the discriminator's body can read back, by Chen et al. 2016."""

import functools
import math
from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
from keras import ops

from keras_gans import losses
from keras_gans.endpoints import Endpoint
from keras_gans.engine.chunks import check_whole_number
from keras_gans.latents import Source, only_or_all
from keras_gans.models.latent_model import LatentModel
from keras_gans.models.reads import Reads
from keras_gans.specs import Spec
from keras_gans.typing import ImageArray


@keras.saving.register_keras_serializable(package="keras_gans")
class InfoGAN(LatentModel, Reads):
    """InfoGAN, arXiv:1606.03657.

    Equation 6, min over G and Q, max over D of V(D, G) - lambda L_I(G, Q), as the authors' program
    plays it. For every training iteration:

        sample a minibatch of noise z, of codes c and of examples x
        update the discriminator, D and Q, by the gradient of -V(D, G) - lambda L_I(G, Q)
        update the generator by the gradient of E[-log D(G(z, c))] - lambda L_I(G, Q)

    L_I(G, Q) = H(c) + E[log Q(c | G(z, c))] is a lower bound of the mutual information of the codes
    and the images (equation 5). Q is a head on the body of D: the paper shares all convolutional
    layers between the two. What both read moves once, with D's optimizer, and so does Q's head: Q
    has no move of its own, and the generator's update leaves it alone. One network holds both,
    since two that share layers would share them no more after a file was loaded.

    The generator's update reuses the minibatch of noise and codes that the discriminator has just
    seen, and the run of the generator on it.

    Args:
        generator: `keras.Model` from latents, by the names of its inputs, to images.
        discriminator: Functional `keras.Model` from images to a dict: "scores", raw and of any
            shape, and of each code, by its name, what Q says of it: logits
            `(n, [count,] classes)` of a `Categorical`, means `(n, dim)` of other sources.
            Where networks have further inputs, such as `labels`, see `LatentModel`.
        latents: Dict of sources of `keras_gans.latents`. Those that the discriminator recognizes
            are the codes, the others noise.
        loss: Name for `keras_gans.losses.get`, or an `AdversarialLoss`.
        information_weight: Float, lambda.
        **options: `samples`, `ema_decay`, `augment`, `seed` and `name`, see `LatentModel`.

    The logs hold `information_<code>`, the bound of that code in nats. It is at most H(c), log 10 =
    2.30 for ten categories; the bound of numbers has a ceiling below, see `Source.cross_entropy`.

    Raises:
        ValueError: Networks that do not fit together, codes that are no latents, an unknown loss.

    Example:

    ```python
    latents = {"noise": Uniform(62), "category": Categorical(10), "style": Uniform(2)}
    codes = {"category": latents["category"], "style": latents["style"]}
    model = InfoGAN(
        infogan_generator((28, 28, 1), latents),
        infogan_discriminator((28, 28, 1), codes),
        latents,
        samples=Images(range=(0, 1)),
    )
    model.compile()
    model.fit(images, batch_size=128, epochs=50)
    model.generate(category=np.arange(10), seed=3)
    model.traverse("style", dim=1)
    model.recognize(images)["category"]
    ```
    """

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        latents: Mapping[str, Source],
        loss: str | losses.AdversarialLoss = "non_saturating",
        information_weight: float = 1.0,
        **options: Any,
    ):
        super().__init__(generator, latents=latents, **options)
        self.check_discriminator(discriminator)
        self.discriminator = discriminator
        self.adversarial_loss = losses.get_of_scores(loss)
        self.information_weight = information_weight
        self._check_recognition()
        self.track("discriminator_loss", "generator_loss", "real_score", "fake_score")
        self.track(*(f"information_{code}" for code in self.codes))

    @functools.cached_property
    def codes(self):
        """Dict of the sources that the discriminator recognizes, by name."""
        recognized = outputs_of(self.discriminator)
        return {name: source for name, source in self.latents.items() if name in recognized}

    def _check_recognition(self):
        said = outputs_of(self.discriminator)
        if "scores" not in said or not self.codes:
            raise ValueError(
                "The discriminator of an InfoGAN is a functional network that returns a dict of "
                f"'scores' and of what it recognizes of {' or '.join(self.latents)}; it returns "
                f"{', '.join(said) or 'no dict'}. Build it as keras.Model(images, {{'scores': ..., "
                f"{[*self.latents][-1]!r}: ...}})."
            )
        if unknown := [name for name in said if name not in ("scores", *self.latents)]:
            raise ValueError(
                f"The discriminator recognizes {unknown[0]!r}, which is no latent; these are "
                f"{', '.join(self.latents)}."
            )
        for name, source in self.codes.items():
            shape = tuple(said[name].shape[1:])
            if shape != source.predicted_shape:
                raise ValueError(
                    f"The discriminator says of {name}, {source}, something of shape "
                    f"{(None, *shape)}; {(None, *source.predicted_shape)} is due."
                )

    @property
    def players(self):
        return {"discriminator": [self.discriminator], "generator": [self.generator]}

    def default_optimizer(self, player):
        # The authors' of MNIST.
        rate = 1e-3 if player == "generator" else 2e-4
        return keras.optimizers.Adam(rate, beta_1=0.5, beta_2=0.999, epsilon=1e-8)

    def train_step(self, data):
        batch = self.batch(data)
        latents = self.latents_by_name(self.sample_latents(batch.samples))
        fake = self.forward_once(
            "generator",
            lambda: self.run(self.generator, latents, batch.conditions, training=True),
        )
        self.minimize("discriminator", lambda: self.discriminator_loss(batch, latents, fake.output))
        self.minimize(
            "generator", lambda fake: self.generator_loss(batch, latents, fake), through=fake
        )
        self.end_step(batch)
        return self.logs()

    def judge(self, samples, batch, training):
        """What the discriminator says: a dict of scores, and of its predictions of codes."""
        seen = self.augmented(samples, training)
        return self.run(self.discriminator, seen, batch.conditions, training=training)

    def information(self, latents, judged):
        """The bound L_I of each code, in nats: H(c) - E[-log Q(c | G(z, c))]."""
        return {
            name: source.entropy - source.cross_entropy(latents[name], judged[name])
            for name, source in self.codes.items()
        }

    def discriminator_loss(self, batch, latents, fake, training=True):
        """-V(D, G) - lambda L_I(G, Q): a scalar."""
        real_scores = self.judge(batch.samples, batch, training)["scores"]
        judged = self.judge(ops.stop_gradient(fake), batch, training)
        self.adapt_augment(real_scores, training)
        self.observe(real_score=ops.mean(real_scores), fake_score=ops.mean(judged["scores"]))
        loss = self.adversarial_loss.discriminator_loss(real_scores, judged["scores"])
        return loss - self.information_weight * sum(self.information(latents, judged).values())

    def generator_loss(self, batch, latents, fake, training=True):
        """The generator's part of V(D, G), less lambda L_I(G, Q): a scalar."""
        judged = self.judge(fake, batch, training)
        real_scores = None
        if self.adversarial_loss.needs_real:
            real_scores = self.judge(batch.samples, batch, training)["scores"]
        information = self.information(latents, judged)
        self.observe(**{f"information_{name}": bound for name, bound in information.items()})
        loss = self.adversarial_loss.generator(judged["scores"], real_scores)
        return loss - self.information_weight * sum(information.values())

    def test_step(self, data):
        batch = self.batch(data)
        latents = self.sample_latents(batch.samples, seed=self.evaluation_seed)
        latents = self.latents_by_name(latents)
        fake = self({**latents, **batch.conditions})
        self.observe_losses(
            discriminator=self.discriminator_loss(batch, latents, fake, training=False),
            generator=self.generator_loss(batch, latents, fake, training=False),
        )
        self.update_scores(batch.samples, fake)
        return self.logs()

    def traverse(
        self,
        code,
        dim=0,
        rows=10,
        steps=10,
        low=-2.0,
        high=2.0,
        seed=0,
        batch_size=64,
        **conditions,
    ):
        """Samples of which one code changes along the rows, and all else from row to row only.

        Args:
            code: Name of a latent.
            dim: Integer, which number of the latent moves, or which of its ids.
            rows: Integer >= 1.
            steps: Integer >= 1, columns of a code of numbers. Of categories each has one.
            low: Float, the number of the first column. The paper goes to -2 and 2, twice as far
                as the U(-1, 1) of training, to show that the network generalizes.
            high: Float, the number of the last column.
            seed: Integer, of the other latents.
            batch_size: As in `generate`.
            **conditions: As in `generate`, with a value for each row. Other codes may be among
                them: `category=np.arange(10)` shows a style on each category.

        Returns:
            uint8 array `(rows, columns, height, width, channels)`, as in figure 2; of other kinds
            of samples what these are to users.

        Raises:
            ValueError: An unknown code, a number of it that it does not have, or what `generate`
                refuses.

        Example:

        ```python
        images = model.traverse("style", dim=1, category=np.arange(10))
        keras_gans.samples.Images().picture(images.reshape(-1, 28, 28, 1), columns=10)
        ```
        """
        if code not in self.latents:
            raise ValueError(f"The latents are {', '.join(self.latents)}; {code!r} is none.")
        for name, value in (("rows", rows), ("steps", steps)):
            check_whole_number(name, value, 1)
        source = self.latents[code]
        numbers = math.prod(source.shape)
        if not 0 <= dim < numbers:
            raise ValueError(
                f"dim says which of the {numbers} numbers of {code} moves, from 0 to "
                f"{numbers - 1}; it was {dim!r}."
            )
        categories = "int" in source.spec.dtype
        values = np.arange(source.classes) if categories else np.linspace(low, high, steps)
        inputs = self.latents_by_name(self.inputs_for(rows, seed, None, conditions))
        inputs = {name: np.repeat(of_rows, len(values), 0) for name, of_rows in inputs.items()}
        inputs[code].reshape(-1, numbers)[:, dim] = np.tile(values, rows)
        made = self.generated(only_or_all(inputs), batch_size, self.predict_on_batch)
        return made.reshape(rows, len(values), *made.shape[1:])

    def recognize(self, images: ImageArray, batch_size: int = 64, **conditions: Any) -> Any:
        """The codes of samples, as Q reads them.

        Args:
            images: uint8 array `(n, height, width, channels)`, or floats as the networks have them;
                of other kinds of samples what `fit` takes.
            batch_size: Integer >= 1, samples at a time.
            **conditions: What the discriminator reads beside them, by name, as in `generate`.

        Returns:
            Dict of arrays `(n, *shape)` by the names of codes: int32 ids of the likeliest
            categories, float32 means of other codes.

        Raises:
            ValueError: Samples or conditions that the discriminator does not take.

        Example:

        ```python
        categories = model.recognize(images)["category"]
        ```
        """
        network = self.discriminator
        said = self.most_likely
        return self.read_samples("recognize", network, said, images, batch_size, conditions)

    def most_likely(self, judged):
        """The codes that what the discriminator says makes the most likely, by name."""
        return {
            name: ops.cast(source.most_likely(judged[name]), source.spec.dtype)
            for name, source in self.codes.items()
        }

    def endpoints_of(self, generator):
        samples = {self.samples.name: self.samples.spec(self.image_shape)}

        def recognize(**tensors):
            images = tensors.pop(self.samples.name)
            return self.most_likely(self.run(self.discriminator, images, tensors, training=False))

        endpoint = Endpoint(
            recognize,
            inputs={**samples, **self.conditions_of(self.discriminator)},
            # The means of a bounded source may leave its bounds.
            outputs={n: Spec("latents", s.shape, s.spec.dtype) for n, s in self.codes.items()},
            networks=[self.discriminator],
            method=self.recognize,
            samples=self.samples,
        )
        return {**super().endpoints_of(generator), "recognize": endpoint}

    def get_config(self):
        return super().get_config(loss=self.adversarial_loss)


def outputs_of(network):
    """Dict from the names of a network's outputs to their symbolic tensors; empty of others."""
    outputs = network.output if getattr(network, "outputs", None) else None
    return outputs if isinstance(outputs, dict) else {}
