"""Everything of Keras that is not its public interface, in one place.

Each name has a test of its own in tests/engine/test_keras_internals.py, which says what broke
when Keras renames or changes it. `setup.cfg` names the versions of Keras in which all of them hold.
"""

import functools
import sys

import keras
from keras.src.backend.common.stateless_scope import get_stateless_scope


def layers_of(network):
    """The network and all layers inside it."""
    return network._flatten_layers()


def own_variables(layer):
    """The variables of a layer itself, without those of the layers inside it."""
    return layer._trainable_variables + layer._non_trainable_variables


def random_states(layer):
    """The states of all seed generators in a layer."""
    return [v for v in layer.variables if v.name == "seed_generator_state"]


# The trainer.


class TensorFlowTrainer:
    """Where the trainer of TensorFlow lets a model take part."""

    def distributed_step(self, step):
        """`step` as it is to run on every replica."""
        return step

    def _make_function(self, step_function):
        return super()._make_function(self.distributed_step(step_function))

    def _maybe_symbolic_build(self, iterator=None, data_batch=None):
        """No batch is read to build what is built: its uneven shares could not be added."""
        self._symbolic_build(iterator=iterator)


class KeepsIterator:
    """Keeps what `fit` reads its data through as `epoch_iterator`: it counts the epoch's steps."""

    def _symbolic_build(self, iterator=None, data_batch=None):
        # Everything is built; but Keras shows the iterator here, and nowhere else.
        self.epoch_iterator = iterator


def set_steps(iterator, steps):
    """Tell a kept iterator how many steps the next epoch has."""
    iterator._num_batches = steps


def looped(model, step):
    """On JAX: `step(state, data)` as the function of `(state, iterator)` that `fit` calls."""
    return model._make_function(step)


def begin_fit_at(model, epoch):
    """Let the `fit` that has just called `on_train_begin` begin at `epoch`; `None` for its own."""
    model._initial_epoch = epoch


def iterators_per_epoch(dataset):
    """How many iterators `fit` makes of a `tf.data.Dataset` in each epoch."""
    # Where Keras knows the length, it makes the iterator of the next epoch at the end of one,
    # and then another; on JAX and PyTorch the first of the two is never started.
    known = dataset.cardinality() >= 0
    return 2 if known and keras.backend.backend() == "tensorflow" else 1


def bring_back_state(model):
    """On JAX: the values that `fit` keeps to itself while it runs, into the variables."""
    model.jax_state_sync()


def flat_logs(model, logs):
    """The list that `evaluate` returns for a dict of logs."""
    return model._flatten_metrics_in_order(logs)


def is_validation(arguments):
    """Whether these arguments of `evaluate` are those of `fit`, which has checked its data."""
    return bool(arguments.get("_use_cached_eval_dataset"))


def remembered(callback):
    """Attributes of a callback that `on_train_begin`, or a new process, forgets: their names."""
    forgotten = {
        keras.callbacks.EarlyStopping: ("best", "wait", "best_epoch"),
        keras.callbacks.ModelCheckpoint: (
            "best",
            "_batches_seen_since_last_saving",
            "_last_batch_seen",
        ),
        keras.callbacks.ReduceLROnPlateau: ("best", "wait", "cooldown_counter"),
    }
    return next((names for kind, names in forgotten.items() if isinstance(callback, kind)), ())


# Optimizers.


def disown_variables(optimizer):
    """Take the counter and the learning rate from an optimizer that is only a facade."""
    optimizer._variables.clear()
    optimizer._iterations = optimizer._learning_rate = None


def steps_since_restart(optimizer):
    """The counter of an optimizer's steps, those that only accumulate gradients among them."""
    return optimizer._iterations


def given_rate(optimizer):
    """The learning rate as it was given: a variable, a schedule or a function."""
    return optimizer._learning_rate


def replace_rate(optimizer, rate):
    """Let `rate(stock)` be the learning rate of each step; `stock()` is what it would be."""
    stock = optimizer._get_current_learning_rate
    # Past Keras's tracking of attributes: a function is no state.
    object.__setattr__(optimizer, "_get_current_learning_rate", lambda: rate(stock))


def adam_slots(optimizer, variable):
    """The first and the second moment of a variable."""
    index = optimizer._get_variable_index(variable)
    return optimizer._momentums[index], optimizer._velocities[index]


# Scopes and layers.


def current_scope():
    """The innermost open `keras.StatelessScope`, or `None`."""
    return get_stateless_scope()


def layer_that_adds_a_loss():
    """The layer whose `add_loss` has called the method of a scope that calls this."""
    return sys._getframe(2).f_locals["self"]


def tensorflow_nn():
    """The module of Keras's normalizations on TensorFlow."""
    try:
        from keras.src.backend.tensorflow import nn
    except ImportError:  # Keras 3.16 has it in another place.
        from keras.src.backend.tensorflow.ops import nn
    return nn


def replace_moments(moments):
    """On TensorFlow: let `moments(stock, x, axes, keepdims)` be what normalizations take."""
    nn = tensorflow_nn()
    nn._compute_moments = functools.partial(moments, nn._compute_moments)


def origin(tensor):
    """The layer or operation that made a tensor of a functional model, and what it was given."""
    operation, node_index, _ = tensor._keras_history
    nodes = operation._inbound_nodes
    return operation, nodes[node_index].input_tensors if nodes else []
