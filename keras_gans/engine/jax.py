"""The engine on JAX: stateful train steps made pure.

JAX differentiates and compiles functions without side effects. Every function here runs the
code of a model inside a recording scope whose values are traced, returns what the code assigned
as further outputs, and assigns that in the scope around it.
"""

import contextlib

import jax
import keras
from keras import ops

from keras_gans.engine.keras_internals import bring_back_state, looped
from keras_gans.engine.scope import RecordingScope

# Whether `keras.distribution` does anything on this backend.
KERAS_DISTRIBUTES = True


class TrainFunctions:
    """Lets `train_step(data)` and `test_step(data)` be what the JAX trainer of Keras compiles."""

    def make_train_function(self, force=False):
        if self.train_function is None or force:
            self.train_function = self._make_stateless(self.train_step, with_optimizer=True)

    def make_test_function(self, force=False):
        if self.test_function is None or force:
            self.test_function = self._make_stateless(self.test_step, with_optimizer=False)

    def _make_stateless(self, step, with_optimizer):
        def state_variables():
            yield self.trainable_variables
            yield self.non_trainable_variables
            if with_optimizer:
                yield self.optimizer.variables
            yield self.metrics_variables

        def stateless_step(state, data):
            groups = [list(group) for group in state_variables()]
            pairs = [
                pair
                for group, values in zip(groups, state, strict=True)
                for pair in zip(group, values, strict=True)
            ]
            with RecordingScope(pairs) as scope:
                logs = step(data)
            return logs, tuple([scope.get_current_value(v) for v in group] for group in groups)

        if self.jit_compile and not self.run_eagerly:
            shardings = None
            if keras.distribution.distribution() is not None:
                specs = [[v.value.sharding for v in group] for group in state_variables()]
                shardings = (None, tuple(specs))
            stateless_step = jax.jit(stateless_step, donate_argnums=0, out_shardings=shardings)
        return looped(self, stateless_step)


def _pure(function, variables=()):
    """`function` as `(values of variables, *args) -> (result, new values)`, and what is new."""
    assigned = []

    def pure(values, *args):
        with RecordingScope(list(zip(variables, values, strict=True))) as scope:
            result = function(*args)
        updates = scope.updates()
        assigned[:] = [variable for variable, _ in updates]
        return result, [value for _, value in updates]

    def assign(new_values):
        for variable, value in zip(assigned, new_values, strict=True):
            variable.assign(value)

    return pure, assign


def gradients(loss_fn, variables):
    """`loss_fn() -> (scalar, aux)`: returns `aux` and d scalar / d variables."""
    pure, assign = _pure(loss_fn, variables)

    def scalar_first(values):
        (loss, aux), new_values = pure(values)
        return loss, (aux, new_values)

    values = [v.value for v in variables]
    grads, (aux, new_values) = jax.grad(scalar_first, has_aux=True)(values)
    assign(new_values)
    return aux, grads


def gradient_at(loss_fn, tensors):
    """`loss_fn(*tensors) -> (scalar, aux)`: returns `aux` and d scalar / d each tensor."""
    pure, assign = _pure(loss_fn)

    def scalar_first(tensors):
        (loss, aux), new_values = pure((), *tensors)
        return loss, (aux, new_values)

    gradients, (aux, new_values) = jax.grad(scalar_first, has_aux=True)(tensors)
    assign(new_values)
    return aux, gradients


def forward(network_fn, variables):
    """`network_fn() -> tensors`: returns them and the pull-back of their gradients."""
    pure, assign = _pure(network_fn, variables)
    outputs, pull_back, new_values = jax.vjp(pure, [v.value for v in variables], has_aux=True)
    assign(new_values)
    return outputs, lambda cotangents: pull_back(cotangents)[0]


def input_gradient(function, x):
    """d sum(function(x)) / d x, differentiable again; what `function` assigns is dropped."""

    def total(x):
        with RecordingScope():
            return ops.sum(function(x))

    return jax.grad(total)(ops.convert_to_tensor(x))


def differentiating_twice():
    """What `gradients` returns can be differentiated again wherever it is called."""
    return contextlib.nullcontext()


# The layers compute these from simpler operations.
fused_batch_norm = fused_instance_norm = None


def use_fused_update(optimizer):
    """Nothing to do: the update is fused already."""


def apply_gradients(optimizer, grads, variables, when=None):
    """Update the variables; where `when` does not hold, nothing changes."""
    slots = optimizer.variables
    # Conditional updates (loss scaling, accumulation) have a stateless form only.
    new_values, new_slots = optimizer.stateless_apply(
        [v.value for v in slots], grads, [v.value for v in variables]
    )
    for variable, value in zip([*variables, *slots], [*new_values, *new_slots], strict=True):
        variable.assign(value if when is None else jax.numpy.where(when, value, variable.value))


def num_replicas():
    """One: a program over several devices sees the whole batch."""
    return 1


def replica_id():
    return 0


def devices():
    """The devices there are: a list of their names."""
    return [f"{device.platform}:{device.id}, {device.device_kind}" for device in jax.devices()]


def num_devices(model):
    """How many devices share a batch that this process is given."""
    distribution = keras.distribution.distribution()
    if distribution is None:
        return 1
    mesh = distribution.device_mesh
    replicas = mesh.shape[mesh.axis_names.index(distribution.batch_dim_name)]
    return max(replicas // jax.process_count(), 1)


def with_a_share(images):
    """The images; JAX itself refuses to cut a batch into unequal shares."""
    return images


def of_side(images, side):
    """The images, whose size is known."""
    return images


def replica_mean(x):
    """The mean of `x`, which is the whole batch's."""
    return ops.mean(x)


def replica_sum(x):
    """`x`, which is the whole batch's."""
    return x


def fold_in_replica(seed):
    return seed


def strategy_scope(model):
    """The scope in which variables of `model` have to be created."""
    return contextlib.nullcontext()


def global_random_state(layers):
    """Nothing: every layer draws from variables, which the model saves."""
    return {}


def set_global_random_state(states):
    """Nothing to put back."""


def before_inference(model):
    """Inside `fit` the values live in the training loop: bring them back to the variables."""
    bring_back_state(model)
