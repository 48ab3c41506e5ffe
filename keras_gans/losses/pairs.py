"""The two halves of an adversarial objective, found by name."""

import dataclasses
from collections.abc import Callable

import keras

from keras_gans.losses import adversarial, f_divergences, features


def _halves(module, *names):
    halves = ("discriminator", "generator")
    return {name: [getattr(module, f"{name}_{half}") for half in halves] for name in names}


HALVES = {
    **_halves(
        adversarial,
        "minimax",
        "non_saturating",
        "least_squares",
        "hinge",
        "wasserstein",
        "relativistic",
        "relativistic_average",
    ),
    **_halves(f_divergences, "kl", "reverse_kl", "pearson", "squared_hellinger", "jensen_shannon"),
    "feature_matching": [adversarial.non_saturating_discriminator, features.feature_matching],
    "absolute_feature_matching": [
        adversarial.non_saturating_discriminator,
        features.absolute_feature_matching,
    ],
}
WITH_FEATURES = ("feature_matching", "absolute_feature_matching")
WITH_REAL = ("relativistic", "relativistic_average", *WITH_FEATURES)
# Scores above say real; `None` where only differences of scores matter. Of most losses it is 0.
BOUNDARIES = {
    **dict.fromkeys(HALVES, 0.0),
    **dict.fromkeys(("wasserstein", "relativistic", "relativistic_average")),
    "least_squares": 0.5,
    "kl": 1.0,
}
WITH_LABELS = ("minimax", "non_saturating", "least_squares", *WITH_FEATURES)
for _functions in HALVES.values():  # Own pairs may be made of these, and have to survive a file.
    for _function in _functions:
        keras.saving.register_keras_serializable(package="keras_gans")(_function)


@keras.saving.register_keras_serializable(package="keras_gans")
@dataclasses.dataclass(frozen=True)
class AdversarialLoss:
    """An adversarial objective: what each player minimizes.

    Args:
        discriminator: Function `(real, fake) -> scalar` of raw scores. Functions of your own are
            registered by `keras.saving.register_keras_serializable`.
        generator: Function `(fake, real) -> scalar` of raw scores.
        name: Name of the objective.
        label_smoothing: Float in [0, 1) or a pair of them, passed to `discriminator` where it
            is not 0.
        needs_real: Bool. Whether `generator` uses `real`; if not, it is given `None` and the
            discriminator need not run on real images in the generator's phase.
        needs_features: Bool. Whether `generator` is given the discriminator's features in the
            place of scores.
    """

    discriminator: Callable
    generator: Callable
    name: str = "custom"
    label_smoothing: float | tuple = 0.0
    needs_real: bool = True
    needs_features: bool = False

    def __post_init__(self):
        if isinstance(self.label_smoothing, list):  # As a file has it.
            object.__setattr__(self, "label_smoothing", tuple(self.label_smoothing))

    def discriminator_loss(self, real, fake):
        if self.label_smoothing:
            return self.discriminator(real, fake, label_smoothing=self.label_smoothing)
        return self.discriminator(real, fake)

    def boundary(self, given):
        """The score between real and generated images, or `None`; `given` of an unknown loss."""
        return BOUNDARIES.get(self.name, given)

    def get_config(self):
        pair = isinstance(self.label_smoothing, tuple)
        smoothing = list(self.label_smoothing) if pair else self.label_smoothing
        if self.name in HALVES and self == get(self.name, self.label_smoothing):
            return {"name": self.name, "label_smoothing": smoothing}
        fields = ("name", "needs_real", "needs_features")
        return {
            "label_smoothing": smoothing,
            "discriminator": keras.saving.serialize_keras_object(self.discriminator),
            "generator": keras.saving.serialize_keras_object(self.generator),
            **{field: getattr(self, field) for field in fields},
        }

    @classmethod
    def from_config(cls, config):
        if "discriminator" not in config:
            return get(config["name"], config["label_smoothing"])
        functions = {
            half: keras.saving.deserialize_keras_object(config[half])
            for half in ("discriminator", "generator")
        }
        return cls(**{**config, **functions})


def get(identifier, label_smoothing=0.0):
    """The pair of losses of that name.

    Args:
        identifier: One of "minimax", "non_saturating", "least_squares", "hinge",
            "wasserstein", "relativistic" and "relativistic_average"; of the f-divergences "kl",
            "reverse_kl", "pearson", "squared_hellinger" and "jensen_shannon"; of
            "feature_matching" and "absolute_feature_matching", whose discriminator is that of
            "non_saturating"; or an `AdversarialLoss`.
        label_smoothing: Float in [0, 1), one-sided: reals have the target
            `1 - label_smoothing`. Or a pair `(a, b)` of them, two-sided: reals have the target
            1 - a, generated images b, and a + b < 1. For losses that have labels.

    Returns:
        An `AdversarialLoss`.

    Raises:
        ValueError: An unknown name, or smoothing of a loss that has no labels.

    Example:

    ```python
    loss = keras_gans.losses.get("hinge")
    loss.generator(scores_of_fakes)
    gan = GAN(..., loss=keras_gans.losses.get("non_saturating", label_smoothing=0.1))
    ```
    """
    if isinstance(identifier, AdversarialLoss):
        return identifier
    if identifier not in HALVES:
        raise ValueError(f"Unknown loss {identifier!r}; known are {', '.join(HALVES)}.")
    pair = isinstance(label_smoothing, (tuple, list))
    shares = label_smoothing if pair else (label_smoothing, 0.0)
    if len(shares) != 2 or not all(0 <= share < 1 for share in shares):
        raise ValueError(
            "label_smoothing lies in [0, 1), or is a pair of such numbers, for real and for "
            f"generated images; it was {label_smoothing!r}."
        )
    if sum(shares) >= 1:
        raise ValueError(
            "Reals have the target 1 - a, which lies above that of generated images, b: "
            f"label_smoothing (a, b) has a + b < 1; it was {label_smoothing!r}."
        )
    if label_smoothing and identifier not in WITH_LABELS:
        raise ValueError(
            f"The loss {identifier!r} has no labels to smooth; {', '.join(WITH_LABELS)} have."
        )
    return AdversarialLoss(
        *HALVES[identifier],
        name=identifier,
        label_smoothing=label_smoothing,
        needs_real=identifier in WITH_REAL,
        needs_features=identifier in WITH_FEATURES,
    )


def get_of_scores(identifier):
    """The pair of losses of that name, for a model whose discriminator gives scores alone.

    Args:
        identifier: As for `get`.

    Returns:
        An `AdversarialLoss`.

    Raises:
        ValueError: An unknown name, or a loss of features.
    """
    loss = get(identifier)
    if loss.needs_features:
        raise ValueError(
            f"The loss {loss.name!r} matches features of the discriminator, which this model does "
            "not read; keras_gans.models.GAN does."
        )
    return loss
