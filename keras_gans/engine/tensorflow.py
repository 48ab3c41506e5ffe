"""The engine on TensorFlow: gradient tapes and replicas."""

import keras
import tensorflow as tf

from keras_gans.engine.scope import RecordingScope


class TrainFunctions:
    """Nothing to add: the trainer of Keras calls `train_step(data)` as it stands."""


def gradients(loss_fn, variables):
    """`loss_fn() -> (scalar, aux)`: returns `aux` and d scalar / d variables."""
    values = [v.value for v in variables]
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(values)
        loss, aux = loss_fn()
    return aux, tape.gradient(loss, values)


def gradient_at(loss_fn, tensor):
    """`loss_fn(tensor) -> (scalar, aux)`: returns `aux` and d scalar / d tensor."""
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(tensor)
        loss, aux = loss_fn(tensor)
    return aux, tape.gradient(loss, tensor)


def forward(network_fn, variables):
    """`network_fn() -> tensor`: returns it and the pull-back of its gradient to `variables`."""
    values = [v.value for v in variables]
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(values)
        output = network_fn()
    return output, lambda cotangent: tape.gradient(output, values, output_gradients=cotangent)


def input_gradient(function, x):
    """d sum(function(x)) / d x, differentiable again; what `function` assigns is dropped."""
    x = tf.convert_to_tensor(x)
    with RecordingScope(), tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(x)
        y = function(x)
    return tape.gradient(y, x, unconnected_gradients=tf.UnconnectedGradients.ZERO)


def fused_batch_norm(x, gamma, beta, epsilon):
    """Batch-normalize maps `(n, height, width, channels)`: output, batch mean and variance."""
    # Read as float32 also where a dtype policy would cast: the operation wants statistics in it.
    gamma, beta = (tf.cast(v.value, tf.float32) for v in (gamma, beta))
    outputs, mean, variance = tf.compat.v1.nn.fused_batch_norm(x, gamma, beta, epsilon=epsilon)
    # The operation returns the unbiased variance of n - 1; Keras averages the biased one.
    n = tf.cast(tf.size(x) // tf.shape(x)[-1], tf.float32)
    return outputs, mean, variance * tf.maximum(n - 1.0, 1.0) / n


def use_fused_update(optimizer):
    """Let Adam update each variable by one operation instead of a dozen.

    Clipping, weight decay, averages, accumulation and loss scaling stay what Keras does around
    `update_step`; only the arithmetic of one variable is TensorFlow's own fused operation. For
    networks of small layers the update is most of the step.
    """
    inner = getattr(optimizer, "inner_optimizer", optimizer)  # Loss scaling wraps it.
    if type(inner) is not keras.optimizers.Adam or inner.amsgrad or num_replicas() > 1:
        return
    stock = inner.update_step

    def update_step(gradient, variable, learning_rate):
        if isinstance(gradient, tf.IndexedSlices) or variable.dtype != tf.float32:
            return stock(gradient, variable, learning_rate)
        index = inner._get_variable_index(variable)
        step = tf.cast(inner.iterations + 1, tf.float32)
        return tf.raw_ops.ResourceApplyAdam(
            var=variable.handle,
            m=inner._momentums[index].value.handle,
            v=inner._velocities[index].value.handle,
            beta1_power=inner.beta_1**step,
            beta2_power=inner.beta_2**step,
            lr=tf.cast(learning_rate, tf.float32),
            beta1=inner.beta_1,
            beta2=inner.beta_2,
            epsilon=inner.epsilon,
            grad=tf.cast(gradient, tf.float32),
        )

    # Past Keras's tracking of attributes: a function is no state.
    object.__setattr__(inner, "update_step", update_step)


def apply_gradients(optimizer, grads, variables):
    optimizer.apply(grads, variables)


def num_replicas():
    return tf.distribute.get_strategy().num_replicas_in_sync


def fold_in_replica(seed):
    """A seed for this replica; the first replica keeps `seed`, so that one replica changes nothing.

    Keras mirrors the state of a seed generator: without this every replica would draw the same.
    """
    context = tf.distribute.get_replica_context()
    if context is None or context.num_replicas_in_sync == 1:
        return seed
    replica = tf.cast(context.replica_id_in_sync_group, seed.dtype)
    # An odd constant near 2**32 / golden ratio keeps the seeds of replicas far apart.
    spread = tf.constant(0x9E3779B1, tf.uint32)
    return seed + tf.stack([replica * tf.cast(spread, seed.dtype), tf.zeros_like(replica)])


def strategy_scope(model):
    """The scope in which variables of `model` have to be created."""
    return model.distribute_strategy.scope()


def global_random_state(layers):
    """Nothing: every layer draws from variables, which the model saves."""
    return {}


def set_global_random_state(states):
    """Nothing to put back."""


def before_inference(model):
    """Values are where the variables are: nothing to bring back."""
