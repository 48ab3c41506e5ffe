"""Generating: from requests of users, on the host, to samples as they get them."""

from typing import Any

import keras
import numpy as np

from keras_gans.engine.backend import backend
from keras_gans.engine.chunks import check_whole_number, in_chunks
from keras_gans.latents import (
    DiscriminatorRejectionSampling,
    MetropolisHastings,
    OnHost,
    host_seed,
    only_or_all,
)
from keras_gans.latents.selection import selected
from keras_gans.models.requests import conditions_for, usual
from keras_gans.typing import Latents


class Generates:
    """What a `LatentModel` does for users, outside the train step."""

    latents: dict[str, Any]

    def draw_latents(self, num_images: int, seed: int | None = None) -> Latents:
        """Latents to keep, the same for the same seed on every backend.

        Args:
            num_images: Integer >= 0.
            seed: Integer >= 0, or `None` for latents that differ at every call.

        Returns:
            float32 array of shape `(num_images, latent_dim)`; a dict of arrays where there are
            several sources.

        Raises:
            ValueError: Another number or seed.
        """
        check_whole_number("num_images", num_images, 0)
        if seed is not None:
            check_whole_number("seed", seed, 0)
        return only_or_all(
            {
                name: source.draw(OnHost(host_seed(name, seed)), num_images)
                for name, source in self.latents.items()
            }
        )

    def generate(
        self,
        num_images: int | None = None,
        seed: int | None = None,
        latents: Latents | None = None,
        batch_size: int = 64,
        select: DiscriminatorRejectionSampling | MetropolisHastings | None = None,
        **conditions: Any,
    ) -> np.ndarray:
        """Generate samples.

        Args:
            num_images: Integer >= 0; may be left out where `latents` or conditions say it.
            seed: Integer >= 0: the same seed gives the same images. `None` draws new latents at
                every call. Training draws from a stream of its own and is not disturbed.
            latents: Array of shape `(num_images, latent_dim)` to use instead of drawn ones; a
                dict of arrays where there are several sources.
            batch_size: Integer >= 1, images at a time, which beside the result take memory;
                thousands of small samples want a larger one.
            select: `keras_gans.latents.DiscriminatorRejectionSampling` or `MetropolisHastings`:
                many are made of newly drawn latents, and those are returned that the discriminator
                takes for real ones. The generator and its average are as without it; the
                discriminator is the one that was trained.
            **conditions: What the networks read beside latents, by name: an array with a row for
                each sample, or one value for all. `labels` are ids, or names of classes. Latents
                of a source, by its name, take the place of drawn ones.

        Returns:
            uint8 array of shape `(num_images, height, width, channels)`; of other kinds of
            samples what these are to users.

        Raises:
            MemoryError: More images than there is room for.
            TypeError: `select` for a model whose discriminator does not score samples.
            ValueError: Missing or contradictory arguments, numbers out of their range, or latents
                and conditions of another shape.

        Example:

        ```python
        images = model.generate(16, seed=7)
        latents = model.draw_latents(2, seed=7)
        walk = model.generate(latents=model.interpolate(*latents, steps=8))
        shirts_and_bags = conditional_model.generate(labels=["shirt", "bag"], seed=7)
        ```
        """
        if select is None:
            inputs = self.inputs_for(num_images, seed, latents, conditions)
        else:
            backend.before_inference(self)
            inputs = selected(self, select, num_images, seed, latents, conditions, batch_size)
        return self.generated(inputs, batch_size, self.predict_samples)

    def predict_samples(self, inputs):
        """Samples as floats for a batch of latents and conditions; by default what `call` makes."""
        return self.predict_on_batch(inputs)

    def inputs_for(self, num_images, seed, latents, conditions):
        """What `call` takes, of the arguments of `generate`: checked, and drawn where not given."""
        latents = {} if latents is None else self.latents_by_name(latents)
        latents = {n: self._checked_latents(n, z) for n, z in latents.items()}
        numbers = {"num_images": num_images, **{n: len(z) for n, z in latents.items()}}
        sources = {*latents, *conditions} & {*self.latents}
        whole = len(sources) == len(self.latents)
        if whole and (seed is not None or len({*numbers.values()} - {None}) > 1):
            said = len(next(iter(latents.values()))) if latents else "all"
            raise ValueError(
                f"generate() got {said} latents and also num_images={num_images}, seed={seed}: "
                "give either the latents, or how many to draw and a seed."
            )
        given, n = conditions_for(self, conditions, numbers)
        drawn = {} if whole else self.latents_by_name(self.draw_latents(n, seed))
        return only_or_all({**drawn, **latents, **given})

    def usual_conditions(self, num_images):
        """Conditions for samples that shall show what a model makes: each class in turn.

        Args:
            num_images: Integer >= 0.

        Returns:
            Dict of arrays, for `generate`; empty where the networks read none.

        Raises:
            ValueError: A condition that is no class.
        """
        return usual(self, num_images)

    def generated(self, inputs, batch_size, predict):
        """Samples as users get them.

        Args:
            inputs: Array `(n, latent_dim)`, or a dict of arrays.
            batch_size: Integer, samples at a time.
            predict: Function from inputs to an array of samples, floats or uint8.
        """
        backend.before_inference(self)

        def made(chunk):
            # Under a strategy every replica runs the whole chunk, and Keras joins their outputs.
            n = len(keras.tree.flatten(chunk)[0])
            return self.samples.to_outside(predict(chunk)[:n])

        return in_chunks(made, inputs, batch_size)

    def interpolate(self, start: Latents, end: Latents, steps: int) -> Latents:
        """Latents on the way from `start` to `end`, as their source walks it.

        Those of `Normal` are on the great circle (spherical interpolation). Their lengths go from
        one's to the other's, so that every latent on the way is as likely under N(0, 1) as its
        ends are; on the straight line those in the middle would be short.

        Args:
            start: Array of shape `(latent_dim,)`; a dict of them where there are several sources.
            end: Likewise.
            steps: Integer >= 2, both ends included.

        Returns:
            float32 array of shape `(steps, latent_dim)`, for `generate(latents=...)`, or a dict.

        References:
            White 2016, "Sampling Generative Networks", arXiv:1609.04468, section 2.1.
        """
        if steps < 2:
            raise ValueError(f"interpolate() needs at least 2 steps (both ends); it got {steps}.")
        start, end = self.latents_by_name(start), self.latents_by_name(end)
        if start.keys() != self.latents.keys() or end.keys() != self.latents.keys():
            raise ValueError(f"Both ends have to be latents of {', '.join(self.latents)}.")
        positions = np.linspace(0.0, 1.0, steps)
        return only_or_all(
            {
                name: source.walk(
                    *(self._checked_latents(name, [z[name]])[0] for z in (start, end)), positions
                )
                for name, source in self.latents.items()
            }
        )

    def latents_by_name(self, latents):
        """A dict of latents by the names of their sources, also of those of the only one."""
        if isinstance(latents, dict):
            return latents
        if isinstance(latents, str):
            raise ValueError(
                f"{latents!r} is the name of one source in a dict of latents; for a walk between "
                "several such latents: keras_gans.latent_tools.walk(model, latents, steps)."
            )
        if len(self.latents) > 1:
            raise ValueError(f"The latents are {', '.join(self.latents)}: pass a dict of them.")
        return {next(iter(self.latents)): latents}

    def checked_latents(self, latents):
        """Latents of every source, as `generate` takes them: a dict of arrays of one length.

        Args:
            latents: Array of shape `(n, latent_dim)`; a dict of arrays where there are several
                sources.

        Raises:
            ValueError: Latents of another shape or number, NaN or infinite ones, or of some of
                the sources only.
        """
        latents = self.latents_by_name(latents)
        if missing := [name for name in self.latents if name not in latents]:
            raise ValueError(
                f"The latents are {', '.join(self.latents)}; {', '.join(missing)} is missing."
            )
        latents = {name: self._checked_latents(name, z) for name, z in latents.items()}
        if len({len(z) for z in latents.values()}) > 1:
            said = ", ".join(f"{len(z)} of {name}" for name, z in latents.items())
            raise ValueError(f"Each sample has one of all latents; there are {said}.")
        return latents

    def _checked_latents(self, name, latents):
        if name not in self.latents:
            raise ValueError(f"The latents are {', '.join(self.latents)}; {name!r} is none.")
        source = self.latents[name]
        latents = np.asarray(latents)
        if "int" not in source.spec.dtype:
            latents = latents.astype("float32")
        if latents.shape[1:] != source.shape or not latents.ndim:
            shape = ", ".join(map(str, ("n", *source.shape)))
            raise ValueError(f"Latents have the shape ({shape}); these have {latents.shape}.")
        if not np.isfinite(latents).all():
            raise ValueError("Latents must be finite; these hold NaN or infinite values.")
        if "int" in source.spec.dtype:
            source.spec.check(latents, name)
        return latents
