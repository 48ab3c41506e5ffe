"""One of two processes that train together: `python -m tests.engine.worker rank result.npz`.

Started by `test_workers.py`, with `TF_CONFIG` or Keras's variables in the environment.
"""

import sys

import keras
import numpy as np

from tests.harness import dense_gan, images_for, state_of, without_chance

EPOCHS, STEPS, BATCH_SIZE = 2, 2, 8


def model():
    keras.utils.set_random_seed(0)
    built = dense_gan(loss="relativistic_average")
    return without_chance(built, lambda: keras.optimizers.SGD(0.1))


def images():
    return images_for(model(), STEPS * BATCH_SIZE)


def fit(model, data, file=None, **arguments):
    arguments = {"epochs": EPOCHS, "shuffle": False, "verbose": 0, **arguments}
    logs = model.fit(data, **arguments).history
    if file is not None:  # JAX saves in all processes together or hangs: each has its file.
        model.save_weights(file)
    weights = state_of(model.trainable_variables)
    return {**logs, **{f"weight_{i}": value for i, value in enumerate(weights)}}


def on_tensorflow(rank, file):
    import tensorflow as tf

    strategy = tf.distribute.MultiWorkerMirroredStrategy()  # Before any other operation.
    assert strategy.num_replicas_in_sync == 2
    with strategy.scope():
        worker = model()
    return fit(worker, images(), file, batch_size=BATCH_SIZE)


def on_jax(rank, file):
    import jax

    jax.config.update("jax_cpu_collectives_implementation", "gloo")
    keras.distribution.initialize()
    assert jax.process_count() == jax.device_count() == 2
    # Each process is given its own share of every batch.
    share = BATCH_SIZE // 2
    everything = images()
    own = everything.reshape(STEPS, 2, share, *everything.shape[1:])[:, rank]
    with keras.distribution.DataParallel(auto_shard_dataset=False).scope():
        own = own.reshape(-1, *everything.shape[1:])
        return fit(model(), own, file, batch_size=share)


if __name__ == "__main__":
    rank = int(sys.argv[1])
    run = {"tensorflow": on_tensorflow, "jax": on_jax}[keras.backend.backend()]
    file = sys.argv[2].replace(".npz", ".weights.h5")
    np.savez(sys.argv[2], **run(rank, file))
