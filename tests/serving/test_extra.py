"""Packages that only some of serving needs."""

import pytest

from keras_gans.serving.extra import needed


def test_a_missing_package_is_told_with_its_extra():
    with pytest.raises(ImportError, match=r"no_such_package.*keras_gans\[serving\]"):
        needed("no_such_package")
