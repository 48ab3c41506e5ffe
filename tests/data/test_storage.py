"""Where the decoded images lie: what is reserved, what is told, and what is left behind."""

import errno
import os
import resource
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest

from keras_gans.data import storage
from keras_gans.data.storage import allocate, collect

SHAPE = (3, 3, 1)


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture
def small_disk(temporary):
    """A temporary folder of 256 KiB: a real one where mounting is allowed."""
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(temporary)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("mounting a small disk is not allowed here")
    yield temporary
    subprocess.run(["umount", str(temporary)], check=True)


@pytest.fixture
def small_files():
    """No file may grow beyond 64 KiB."""
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**16, old[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, old)


def batches(n):
    return (np.full(SHAPE, i, "uint8") for i in range(n))


def test_what_fits_is_in_memory(temporary):
    assert type(allocate((2, *SHAPE), 18)) is np.ndarray
    assert type(collect(batches(2), SHAPE, 18)) is np.ndarray
    assert not list(temporary.iterdir())


def test_what_does_not_fit_lies_in_a_file_without_a_name(temporary):
    images = allocate((2, *SHAPE), 17)
    assert isinstance(images, np.memmap)
    images[:] = 7
    view = images[:1]
    del images
    assert (view == 7).all()
    assert not list(temporary.iterdir())


def test_the_file_goes_with_the_last_view(temporary):
    def files_there():
        links = (Path(f"/proc/self/fd/{fd}") for fd in os.listdir("/proc/self/fd"))
        return [link for link in links if str(temporary) in os.path.realpath(link)]

    view = allocate((2, *SHAPE), 17)[:1]
    assert len(files_there()) == 1
    del view
    assert not files_there()


@pytest.mark.parametrize("limit", [0, 1000])
def test_images_of_unknown_number_are_collected(temporary, limit):
    images = collect(batches(5), SHAPE, limit)
    assert images[:, 0, 0, 0].tolist() == [0, 1, 2, 3, 4]
    assert isinstance(images, np.memmap) == (limit == 0)
    assert collect(batches(0), SHAPE, limit).shape == (0, *SHAPE)


@pytest.mark.parametrize("reserves", [True, False])
def test_a_full_disk_is_told_before_the_first_image(small_disk, monkeypatch, reserves):
    if not reserves:
        monkeypatch.delattr(os, "posix_fallocate")
    with pytest.raises(OSError, match=r"1,000,000 bytes in .* 262,144 free .*TMPDIR") as told:
        allocate((1000, 1000, 1), 0)
    assert str(small_disk) in str(told.value)
    assert allocate((1000, 100, 1), 0)[-1].sum() == 0  # Its room is there again.


def test_a_disk_that_fills_up_under_an_unknown_number_is_told(small_disk):
    with pytest.raises(OSError, match=r"bytes in .*TMPDIR"):
        collect((np.zeros((100, 100, 1), "uint8") for _ in range(100)), (100, 100, 1), 2**30)


def test_a_limit_of_the_size_of_files_is_told(temporary, small_files):
    with pytest.raises(OSError, match=r"100,000 bytes .*TMPDIR"):
        allocate((1000, 100, 1), 0)


def test_a_system_that_reserves_nothing_is_told(temporary, monkeypatch):
    def full(*arguments):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(storage.os, "posix_fallocate", full, raising=False)
    with pytest.raises(OSError, match=r"need at least 18 bytes .*No space left"):
        allocate((2, *SHAPE), 17)


def test_nothing_stays_after_a_kill(temporary):
    program = (
        "from keras_gans.data.storage import allocate; images = allocate((1000, 100, 1), 0); "
        "images[:] = 1; print(type(images).__name__, flush=True); input()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(temporary)},
    )
    with process:
        assert process.stdout.readline() == b"memmap\n"
        process.send_signal(signal.SIGKILL)
    assert not list(temporary.iterdir())
