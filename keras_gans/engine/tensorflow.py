"""The engine on TensorFlow: gradient tapes and replicas."""

import contextlib
import contextvars

import keras
import tensorflow as tf

from keras_gans.engine.keras_internals import TensorFlowTrainer, adam_slots, replace_moments
from keras_gans.engine.optimizers import without_loss_scaling
from keras_gans.engine.scope import RecordingScope

# TensorFlow's optimizer of graphs loses the order between what reads a variable and what updates it,
# where the gradient does not need the variable's value: that of a critic's last kernel does not,
# since its loss is linear in the scores. Steps would then read either value, at random.
tf.config.optimizer.set_experimental_options({"dependency_optimization": False})

# Whether `keras.distribution` does anything on this backend.
KERAS_DISTRIBUTES = False


class TrainFunctions(TensorFlowTrainer):
    """The trainer of Keras calls `train_step(data)` as it stands; replicas need a little more."""

    def distributed_step(self, step):
        if not _has_several_workers(self.distribute_strategy):
            return step

        def step_with_an_axis(data):
            # Across workers Keras averages the logs of replicas along an axis they do not have.
            return {name: tf.reshape(value, (1,)) for name, value in step(data).items()}

        return step_with_an_axis


def _has_several_workers(strategy):
    several = isinstance(strategy, tf.distribute.MultiWorkerMirroredStrategy)
    return several and strategy.extended._in_multi_worker_mode()


def gradients(loss_fn, variables):
    """`loss_fn() -> (scalar, aux)`: returns `aux` and d scalar / d variables."""
    values = [v.value for v in variables]
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(values)
        loss, aux = loss_fn()
    return aux, tape.gradient(loss, values)


def gradient_at(loss_fn, tensors):
    """`loss_fn(*tensors) -> (scalar, aux)`: returns `aux` and d scalar / d each tensor."""
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(tensors)
        loss, aux = loss_fn(*tensors)
    return aux, tape.gradient(loss, tensors)


def forward(network_fn, variables):
    """`network_fn() -> tensors`: returns them and the pull-back of their gradients."""
    values = [v.value for v in variables]
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(values)
        outputs = network_fn()
    return outputs, lambda cotangents: tape.gradient(outputs, values, cotangents)


def input_gradient(function, x):
    """d sum(function(x)) / d x, differentiable again; what `function` assigns is dropped."""
    x = tf.convert_to_tensor(x)
    with (
        differentiating_twice(),
        RecordingScope(),
        tf.GradientTape(watch_accessed_variables=False) as tape,
    ):
        tape.watch(x)
        y = function(x)
    return tape.gradient(y, x, unconnected_gradients=tf.UnconnectedGradients.ZERO)


_differentiates_twice = contextvars.ContextVar("differentiates_twice", default=False)


@contextlib.contextmanager
def differentiating_twice():
    """What `gradients` returns inside can be differentiated again."""
    token = _differentiates_twice.set(True)
    try:
        yield
    finally:
        _differentiates_twice.reset(token)


def _moments(stock, x, axes, keepdims):
    """Mean and variance as every normalization of Keras takes them from TensorFlow.

    TensorFlow stops the gradient of the mean inside the variance. That term is zero in a first
    derivative, but not in a second one, and the weights' gradients of penalties would be wrong.
    """
    if not _differentiates_twice.get():
        return stock(x, axes, keepdims)
    mean = tf.reduce_mean(x, axes, keepdims=True)
    variance = tf.reduce_mean(tf.math.squared_difference(x, mean), axes, keepdims=keepdims)
    return mean if keepdims else tf.squeeze(mean, axes), variance


replace_moments(_moments)


def fused_batch_norm(x, gamma, beta, epsilon):
    """Batch-normalize maps `(n, height, width, channels)`: output, batch mean and variance.

    In the places of `gamma` and `beta` may stand `None`, for ones and for zeros.
    """
    # Read as float32 also where a dtype policy would cast: the operation wants statistics in it.
    gamma, beta = (
        tf.fill([x.shape[-1]], default) if v is None else tf.cast(v.value, tf.float32)
        for v, default in ((gamma, 1.0), (beta, 0.0))
    )
    outputs, mean, variance = tf.compat.v1.nn.fused_batch_norm(x, gamma, beta, epsilon=epsilon)
    # The operation returns the unbiased variance of n - 1; Keras averages the biased one.
    n = tf.cast(tf.size(x) // tf.shape(x)[-1], tf.float32)
    return outputs, mean, variance * tf.maximum(n - 1.0, 1.0) / n


def fused_instance_norm(maps, epsilon):
    """Normalize each map of each image of `maps` `(n, height, width, channels)` by itself."""
    n, height, width, _ = tf.unstack(tf.shape(maps))
    channels = maps.shape[-1]  # A number: LiteRT has no convolution without it.
    # To the operation the maps of all images are the channels of one.
    flat = tf.reshape(tf.transpose(maps, (1, 2, 0, 3)), (1, height, width, n * channels))
    ones, zeros = tf.ones([n * channels]), tf.zeros([n * channels])
    flat, _, _ = tf.compat.v1.nn.fused_batch_norm(flat, ones, zeros, epsilon=epsilon)
    outputs = tf.transpose(tf.reshape(flat, (height, width, n, channels)), (2, 0, 1, 3))
    outputs.set_shape(maps.shape)  # No operation, unlike `ensure_shape`: LiteRT has none.
    return outputs


def use_fused_update(optimizer):
    """Let Adam update each variable by one operation instead of a dozen.

    Clipping, weight decay, averages, accumulation and loss scaling stay what Keras does around
    `update_step`; only the arithmetic of one variable is TensorFlow's own fused operation. For
    networks of small layers the update is most of the step.
    """
    inner = without_loss_scaling(optimizer)
    # Of subclasses those that only say other numbers, such as a beta_2 that follows a schedule.
    own = type(inner).update_step is not keras.optimizers.Adam.update_step
    if own or inner.amsgrad or num_replicas() > 1:
        return
    stock = inner.update_step

    def update_step(gradient, variable, learning_rate):
        if isinstance(gradient, tf.IndexedSlices) or variable.dtype != tf.float32:
            return stock(gradient, variable, learning_rate)
        momentum, velocity = adam_slots(inner, variable)
        step = tf.cast(inner.iterations + 1, tf.float32)
        return tf.raw_ops.ResourceApplyAdam(
            var=variable.handle,
            m=momentum.value.handle,
            v=velocity.value.handle,
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


def apply_gradients(optimizer, grads, variables, when=None):
    """Update the variables; where `when` does not hold on all replicas, nothing changes."""

    def apply(grads):
        optimizer.apply(grads, variables)

    if when is None:
        return apply(grads)
    when = tf.equal(replica_sum(tf.cast(when, tf.int32)), num_replicas())
    if tf.__internal__.distribute.strategy_supports_no_merge_call():
        return tf.cond(when, lambda: apply(grads), lambda: None)

    def on_all_replicas(strategy, when, grads):
        # A conditional in which replicas meet must be around all of them.
        when, *_ = strategy.experimental_local_results(when)
        each = strategy.extended.call_for_each_replica
        tf.cond(when, lambda: each(apply, args=(grads,)), lambda: None)

    return tf.distribute.get_replica_context().merge_call(on_all_replicas, args=(when, grads))


def num_replicas():
    return tf.distribute.get_strategy().num_replicas_in_sync


def replica_id():
    """Which of the replicas this is, an int32 tensor; 0 where there is one."""
    context = tf.distribute.get_replica_context()
    return 0 if context is None else context.replica_id_in_sync_group


def num_devices(model):
    """How many devices share a batch that this process is given."""
    return model.distribute_strategy.num_replicas_in_sync


def with_a_share(images):
    """The images of this replica; a failed assertion where it has none."""
    if num_replicas() == 1:
        return images
    shared = tf.debugging.assert_positive(
        tf.shape(keras.tree.flatten(images)[0])[0],
        "A batch holds fewer images than there are replicas: one has none, and its losses of NaN "
        "would end in all weights. Choose a batch size that leaves no such batch, or leave the "
        "last one out by drop_remainder=True.",
    )
    # The images wait for the assertion, and all replicas' weights for the images.
    with tf.control_dependencies([shared]):
        return keras.tree.map_structure(tf.identity, images)


def of_side(images, side):
    """Images of which TensorFlow is told, and checks, how large they are."""
    if images.shape[1] is not None:
        return images
    return tf.ensure_shape(images, (None, side, side, images.shape[-1]))


def replica_mean(x):
    """The mean of `x` over the global batch, all replicas' parts of it together; differentiable."""
    context = tf.distribute.get_replica_context()
    if context is None or context.num_replicas_in_sync == 1:
        return tf.reduce_mean(x)
    # Parts may differ in size: the last batch of an epoch need not divide evenly.
    parts = [tf.reduce_sum(x), tf.cast(tf.size(x), x.dtype)]
    total, count = context.all_reduce(tf.distribute.ReduceOp.SUM, parts)
    return total / count


def replica_sum(x):
    """The sum of `x` over all replicas."""
    x = tf.convert_to_tensor(x)  # Gradients of embeddings are no tensors.
    context = tf.distribute.get_replica_context()
    if context is None or context.num_replicas_in_sync == 1:
        return x
    return context.all_reduce(tf.distribute.ReduceOp.SUM, x)


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
