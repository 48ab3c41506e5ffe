"""One optimizer per player behind the single `model.optimizer` that Keras knows."""

import types

import keras
from keras import ops

from keras_gans.engine.keras_internals import (
    disown_variables,
    given_rate,
    replace_rate,
    steps_since_restart,
)


class PlayerOptimizers(keras.optimizers.Optimizer):
    """The facade that Keras trains, saves and schedules through.

    It owns no variables: `variables` are those of the players' optimizers, in order. Stock
    callbacks find `optimizers`, act on each of them and log it by its name, which therefore is
    made its player's. Each player's optimizer is built here, so that saving, resuming and
    replicas work before the first step.

    Args:
        optimizers: Dict from a player's name to its `keras.optimizers.Optimizer`.
        variables: Dict from a player's name to the list of variables it moves.
    """

    def __init__(self, optimizers, variables):
        super().__init__(learning_rate=0.0, name="player_optimizers")
        # The base class makes a counter and a learning rate, which no player would own.
        disown_variables(self)
        # A namespace, because Keras adopts the variables in the dicts and lists of attributes.
        self._moves = types.SimpleNamespace(variables=variables)
        self._players = tuple(optimizers)
        for player, optimizer in optimizers.items():
            # The names that Keras gives differ from run to run, and two given ones may be equal.
            optimizer.name = player
            # One attribute per player: its name is the path in `.keras` and weights files.
            setattr(self, player, optimizer)
            optimizer.build(variables[player])
        self.built = True

    @property
    def optimizers(self):
        return [getattr(self, player) for player in self._players]

    def moved_variables(self, player):
        """The variables that `player` moves, as they were trainable at `compile()`."""
        if player not in self._players:
            raise ValueError(
                f"The model has no player {player!r}; it has {', '.join(self._players)}. Name one "
                "of them, or add it to `players`."
            )
        return self._moves.variables[player]

    @property
    def variables(self):
        return [v for optimizer in self.optimizers for v in optimizer.variables]

    @property
    def iterations(self):
        """The moves of the player that moves last: where it moves once in each step, the steps."""
        return self.optimizers[-1].iterations

    @property
    def learning_rate(self):
        """The learning rate of the player that moves last; assigning sets every player's."""
        return self.optimizers[-1].learning_rate

    @learning_rate.setter
    def learning_rate(self, value):
        for optimizer in self.optimizers:
            optimizer.learning_rate = value

    def build(self, variables):
        """Nothing to build: each player's optimizer already is."""

    def apply(self, grads, trainable_variables=None):
        raise NotImplementedError(
            "The players of an adversarial model are updated one at a time: call "
            "`model.minimize(player, loss_fn)` in `train_step`."
        )

    def finalize_variable_values(self, var_list):
        for player in self._players:
            optimizer, variables = getattr(self, player), self.moved_variables(player)
            optimizer.finalize_variable_values(variables)
            if without_loss_scaling(optimizer).use_ema:
                for variable in variables:
                    # It holds the average's own array by now, and JAX donates no array twice.
                    variable.assign(ops.copy(variable))

    def save_own_variables(self, store):
        """Nothing of its own: Keras saves each player's optimizer under its name."""

    def load_own_variables(self, store):
        """Nothing of its own: Keras loads each player's optimizer under its name."""

    def get_config(self):
        return {
            player: keras.optimizers.serialize(getattr(self, player)) for player in self._players
        }


def loss_scaled(optimizer):
    """The optimizer with dynamic loss scaling, unless it has it already."""
    if isinstance(optimizer, keras.optimizers.LossScaleOptimizer):
        return optimizer
    return keras.optimizers.LossScaleOptimizer(optimizer)


def without_loss_scaling(optimizer):
    """The optimizer itself where loss scaling wraps it."""
    return getattr(optimizer, "inner_optimizer", optimizer)


def outlive_restarts(optimizer, factor):
    """Let a learning-rate schedule go on where `restart` begins the count of steps anew.

    Args:
        optimizer: A built `keras.optimizers.Optimizer`.
        factor: Function that returns a number by which the schedule's rate is multiplied.
    """
    inner = without_loss_scaling(optimizer)
    if hasattr(inner, "steps_before"):  # Compiled again with the same optimizer.
        return
    inner.steps_before = keras.Variable(0, dtype="int32", trainable=False, name="steps_before")

    def rate(stock):
        given = given_rate(inner)
        if isinstance(given, keras.optimizers.schedules.LearningRateSchedule):
            return given(steps_since_restart(inner) + inner.steps_before) * factor()
        return stock() if isinstance(given, keras.Variable) else stock() * factor()

    replace_rate(inner, rate)


def moves_made(optimizer):
    """How many updates an optimizer has made since a restart: an integer scalar of the step."""
    return without_loss_scaling(optimizer).iterations


def steps_taken(optimizer):
    """How many updates an optimizer has made, those before a restart included: an integer."""
    inner = without_loss_scaling(optimizer)
    steps = int(ops.convert_to_numpy(steps_since_restart(inner)))
    if hasattr(inner, "steps_before"):
        steps += int(ops.convert_to_numpy(inner.steps_before))
    return steps // (inner.gradient_accumulation_steps or 1)


def restart(optimizer):
    """Set what an optimizer remembers of earlier steps to zero.

    Learning rate, scale, and the number of steps before the restart stay; Adam corrects the bias
    of its moments as in its first steps.
    """
    inner = without_loss_scaling(optimizer)
    inner.steps_before.assign_add(ops.cast(steps_since_restart(inner), "int32"))
    for variable in inner.variables:
        if variable is not inner.learning_rate and variable is not inner.steps_before:
            variable.assign(ops.zeros(variable.shape, variable.dtype))
