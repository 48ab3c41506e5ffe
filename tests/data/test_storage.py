import gc
import tempfile

import numpy as np
import pytest

from keras_gans.data.storage import allocate


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_what_fits_is_in_memory(temporary):
    assert type(allocate((2, 3, 3, 1), 18)) is np.ndarray
    assert not list(temporary.iterdir())


def test_what_does_not_fit_lies_in_a_file_that_goes_with_the_last_view(temporary):
    images = allocate((2, 3, 3, 1), 17)
    assert isinstance(images, np.memmap)
    images[:] = 7
    view = images[:1]
    del images
    gc.collect()
    assert len(list(temporary.iterdir())) == 1
    assert (view == 7).all()
    del view
    gc.collect()
    assert not list(temporary.iterdir())
