"""Penalties with their weights: what a discriminator pays beside its adversarial loss."""

import dataclasses
import numbers
from collections.abc import Callable

import keras

from keras_gans.engine.chunks import check_whole_number
from keras_gans.losses.penalties import get_penalty, penalty_identifier
from keras_gans.schedules import is_schedule


@keras.saving.register_keras_serializable(package="keras_gans")
@dataclasses.dataclass(frozen=True)
class Penalty:
    """A penalty, how much it weighs, and how often it is computed.

    It runs the discriminator on its own, beside the runs that give the scores.

    Args:
        penalty: Name of a penalty of `keras_gans.losses`, such as "r1", or a function
            `(discriminator, real, fake, seed) -> scalar`. One of your own is registered by
            `keras.saving.register_keras_serializable`, so that files of models can be loaded.
        weight: Float >= 0, or a schedule of it.
        every: Integer n >= 1: it is computed before every n-th move of the discriminator only,
            and weighs n times as much (lazy regularization, arXiv:1912.04958, section 3.1).
        name: String, what it is called in the logs; by default what it is.

    Raises:
        ValueError: An unknown name, or a number out of its range.

    Example:

    ```python
    gan = GAN(..., penalty=[Penalty("r1", 0.05), Penalty("r2", 0.05)])
    gan = GAN(..., penalty=Penalty("r1", weight=10.0, every=16))
    ```
    """

    penalty: Callable | str
    weight: float = 10.0
    every: int = 1
    name: str | None = None

    def __post_init__(self):
        check_whole_number("every", self.every, 1)
        check_weight(self.weight)
        penalty = get_penalty(self.penalty)
        object.__setattr__(self, "penalty", penalty)
        if self.name is None:
            name = getattr(penalty, "__name__", type(penalty).__name__).lower()
            object.__setattr__(self, "name", name)

    def get_config(self):
        weight = self.weight
        if is_schedule(weight):
            weight = keras.saving.serialize_keras_object(weight)
        penalty = penalty_identifier(self.penalty)
        return {"penalty": penalty, "weight": weight, "every": self.every, "name": self.name}

    @classmethod
    def from_config(cls, config):
        deserialize = keras.saving.deserialize_keras_object
        return cls(**{n: deserialize(v) if isinstance(v, dict) else v for n, v in config.items()})


def as_penalties(penalty, weight):
    """The penalties of a model, a tuple of `Penalty`s, of its two arguments.

    Args:
        penalty: Name or function, which is called "penalty" in the logs; a `Penalty`; a list of
            `Penalty`s; or `None`.
        weight: That of a name or function; `None` for 10.

    Raises:
        ValueError: Two of one name, or a weight beside those of `Penalty`s.
    """
    if penalty is None:
        return ()
    if not isinstance(penalty, (list, tuple, Penalty)):
        weight = 10.0 if weight is None else weight
        return (Penalty(penalty, weight, name="penalty"),)
    if weight is not None:
        raise ValueError(
            f"penalty_weight={weight!r} is that of one penalty by its name; Penalty(...) objects "
            "have weights of their own. Leave it out."
        )
    penalties = (penalty,) if isinstance(penalty, Penalty) else tuple(penalty)
    for one in penalties:
        if not isinstance(one, Penalty):
            raise ValueError(
                "Several penalties are a list of Penalty(penalty, weight) objects, each with its "
                f"own weight; one is {one!r}."
            )
    names = [one.name for one in penalties]
    if twice := {name for name in names if names.count(name) > 1}:
        raise ValueError(
            f"Two penalties are called {', '.join(twice)}: give one of them a `name` for the logs."
        )
    return penalties


def check_weight(weight):
    """Raise a sentence where a weight is neither a number from 0 on nor a schedule."""
    if not is_schedule(weight) and not (isinstance(weight, numbers.Real) and weight >= 0):
        raise ValueError(f"A weight is 0 or more, or a schedule of it; it was {weight!r}.")
