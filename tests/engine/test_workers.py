"""Two processes on this machine train together: equal weights, and those of one process."""

import contextlib
import json
import os
import socket
import subprocess
import sys

import keras
import numpy as np
import pytest

from tests.engine import worker
from tests.harness import state_of

BACKEND = keras.backend.backend()

pytestmark = pytest.mark.skipif(BACKEND == "torch", reason="Keras on PyTorch uses one process")


def free_ports(n):
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(n)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def environment(rank, addresses):
    """What tells a process who it is and where the others are."""
    told = {name: value for name, value in os.environ.items() if name != "XLA_FLAGS"}
    task = {"cluster": {"worker": addresses}, "task": {"type": "worker", "index": rank}}
    return {
        **told,
        "TF_CONFIG": json.dumps(task),
        "KERAS_DISTRIBUTION_JOB_ADDRESSES": addresses[0],
        "KERAS_DISTRIBUTION_NUM_PROCESSES": str(len(addresses)),
        "KERAS_DISTRIBUTION_PROCESS_ID": str(rank),
    }


def run_two_workers(folder, timeout=120):
    addresses = [f"127.0.0.1:{port}" for port in free_ports(2)]
    results = [folder / f"worker_{rank}.npz" for rank in range(2)]
    processes = []
    try:
        for rank, result in enumerate(results):
            with (folder / f"worker_{rank}.txt").open("w") as output:
                processes.append(
                    subprocess.Popen(
                        [sys.executable, "-m", "tests.engine.worker", str(rank), str(result)],
                        env=environment(rank, addresses),
                        stdout=output,
                        stderr=subprocess.STDOUT,
                    )
                )
        codes = [process.wait(timeout) for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.wait()
    said = "\n".join((folder / f"worker_{rank}.txt").read_text()[-3000:] for rank in range(2))
    assert codes == [0, 0], said
    return [dict(np.load(result)) for result in results]


def test_two_workers_train_as_one_process_does(tmp_path):
    first, second = run_two_workers(tmp_path)
    alone = worker.fit(worker.model(), worker.images(), batch_size=worker.BATCH_SIZE)
    assert first.keys() == second.keys() == alone.keys()
    for name, value in first.items():
        assert np.isfinite(value).all(), name
        np.testing.assert_array_equal(value, second[name], err_msg=name)
        np.testing.assert_allclose(value, alone[name], rtol=1e-5, atol=1e-6, err_msg=name)
    assert len(first["loss"]) == worker.EPOCHS
    # Any process, also one on its own, goes on from the chief's file.
    loaded = worker.model()
    loaded.load_weights(tmp_path / "worker_0.weights.h5")
    for i, value in enumerate(state_of(loaded.trainable_variables)):
        np.testing.assert_array_equal(value, first[f"weight_{i}"])
