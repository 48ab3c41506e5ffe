"""The two halves of an adversarial objective, found by name."""

import dataclasses
from collections.abc import Callable

import keras

from keras_gans.losses import adversarial

NAMES = (
    "minimax",
    "non_saturating",
    "least_squares",
    "hinge",
    "wasserstein",
    "relativistic",
    "relativistic_average",
)
for _name in NAMES:  # Own pairs may be made of these halves, and have to survive a file.
    for _half in ("discriminator", "generator"):
        _function = getattr(adversarial, f"{_name}_{_half}")
        keras.saving.register_keras_serializable(package="keras_gans")(_function)
WITH_LABELS = ("minimax", "non_saturating", "least_squares")


@keras.saving.register_keras_serializable(package="keras_gans")
@dataclasses.dataclass(frozen=True)
class AdversarialLoss:
    """An adversarial objective: what each player minimizes.

    Args:
        discriminator: Function `(real, fake) -> scalar` of raw scores.
        generator: Function `(fake, real) -> scalar` of raw scores.
        name: Name of the objective.
        label_smoothing: Float in [0, 1), passed to `discriminator` where it is not 0.
        needs_real: Bool. Whether `generator` uses `real`; if not, it is given `None` and the
            discriminator need not run on real images in the generator's phase.
    """

    discriminator: Callable
    generator: Callable
    name: str = "custom"
    label_smoothing: float = 0.0
    needs_real: bool = True

    def discriminator_loss(self, real, fake):
        if self.label_smoothing:
            return self.discriminator(real, fake, label_smoothing=self.label_smoothing)
        return self.discriminator(real, fake)

    def get_config(self):
        if self.name in NAMES and self == get(self.name, self.label_smoothing):
            return {"name": self.name, "label_smoothing": self.label_smoothing}
        fields = ("name", "label_smoothing", "needs_real")
        return {
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
            "wasserstein", "relativistic" and "relativistic_average", or an `AdversarialLoss`.
        label_smoothing: Float in [0, 1), one-sided: reals have the target
            `1 - label_smoothing`. For "minimax", "non_saturating" and "least_squares".

    Returns:
        An `AdversarialLoss`.

    Raises:
        ValueError: An unknown name, or smoothing of a loss that has no labels.

    Example:

    ```python
    loss = keras_gans.losses.get("hinge")
    loss.generator(scores_of_fakes)
    ```
    """
    if isinstance(identifier, AdversarialLoss):
        return identifier
    if identifier not in NAMES:
        raise ValueError(f"Unknown loss {identifier!r}; known are {', '.join(NAMES)}.")
    if not 0 <= label_smoothing < 1:
        raise ValueError(f"label_smoothing lies in [0, 1); it was {label_smoothing!r}.")
    if label_smoothing and identifier not in WITH_LABELS:
        raise ValueError(
            f"The loss {identifier!r} has no labels to smooth; {', '.join(WITH_LABELS)} have."
        )
    return AdversarialLoss(
        discriminator=getattr(adversarial, f"{identifier}_discriminator"),
        generator=getattr(adversarial, f"{identifier}_generator"),
        name=identifier,
        label_smoothing=label_smoothing,
        needs_real=identifier.startswith("relativistic"),
    )
