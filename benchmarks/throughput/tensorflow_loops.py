"""What the TensorFlow contenders share: timed loops and `fit`, optimizers and the report."""

import keras
import tensorflow as tf

from benchmarks.throughput.protocol import (
    BETA_1,
    BETA_2,
    LEARNING_RATE,
    Stopwatch,
    contender_arguments,
    report,
)


def adam():
    return keras.optimizers.Adam(LEARNING_RATE, beta_1=BETA_1, beta_2=BETA_2)


def optimizer_of(networks, optimizer):
    """Function that descends along the gradients of a tape, for some networks together."""
    variables = [variable for network in networks for variable in network.trainable_variables]
    optimizer.build(variables)

    def descend(tape, loss):
        optimizer.apply(tape.gradient(loss, variables), variables)

    return descend


def watching(networks):
    """A tape that records the gradients of these networks' weights only."""
    tape = tf.GradientTape(watch_accessed_variables=False)
    with tape:
        for network in networks:
            tape.watch([variable.value for variable in network.trainable_variables])
    return tape


def move_discriminator(discriminator, descend, real, fake):
    """Moves a discriminator along the non-saturating loss; returns the loss."""
    tape = watching([discriminator])
    with tape:
        real_scores = discriminator(real, training=True)
        fake_scores = discriminator(fake, training=True)
        loss = tf.reduce_mean(tf.nn.softplus(-real_scores) + tf.nn.softplus(fake_scores))
    descend(tape, loss)
    return loss


def shuffled_batches(arrays, window):
    """Endless shuffled batches of the rows of arrays."""
    rows = tf.data.Dataset.from_tensor_slices(arrays).shuffle(window.examples).repeat()
    return rows.batch(window.batch_size, drop_remainder=True)


def timed_loop(step, window, batches):
    """Times calls of `step` on batches of tuples of uint8 images, scaled in the graph."""
    iterator = iter(batches.prefetch(tf.data.AUTOTUNE))

    @tf.function(jit_compile=False)
    def train_on(batch):
        return step(*(tf.cast(images, tf.float32) / 127.5 - 1.0 for images in batch))

    return time_calls(lambda: train_on(next(iterator)), window)


def time_calls(function, window, steps_per_call=1):
    """Calls `function` until the window is over; it returns scalar tensors."""
    stopwatch = Stopwatch(window)
    for done in range(steps_per_call, window.warmup + window.steps + 1, steps_per_call):
        losses = function()
        if stopwatch.is_due(done):
            stopwatch.after(done, [float(loss.numpy()) for loss in losses])
    return stopwatch


class StopwatchCallback(keras.callbacks.Callback):
    """Times a window of `fit`.

    Keras turns the logs into floats before it hands them to an ordinary callback, so that every
    execution has ended when this is called: the window has the same synchronisation at both ends
    as a loop's. The loops synchronise only there, which can but favour them.
    """

    def __init__(self, window):
        super().__init__()
        self.stopwatch = Stopwatch(window)

    def on_train_batch_end(self, batch, logs=None):
        # With several steps per execution, `batch` is the last step of the execution.
        if self.stopwatch.is_due(batch + 1):
            losses = [float(value) for name, value in logs.items() if name.endswith("loss")]
            self.stopwatch.after(batch + 1, losses)


def time_fit(model, window, *data, **fit_arguments):
    """Times one epoch of `fit` that is as long as the window."""
    callback = StopwatchCallback(window)
    model.fit(*data, epochs=1, verbose=0, callbacks=[callback], **fit_arguments)
    return callback.stopwatch


def run_contender(description, contenders):
    """Runs the contender that the command line names, and prints its report."""
    name, window, threads = contender_arguments(description, contenders)
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    keras.utils.set_random_seed(0)
    stopwatch, *networks = contenders[name](window)
    parameters = [
        sum(variable.shape.num_elements() for variable in network.trainable_variables)
        for network in networks
    ]
    report(stopwatch, parameters, {"tensorflow": tf.__version__, "keras": keras.__version__})
