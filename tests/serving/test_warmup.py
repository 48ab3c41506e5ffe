"""Warm-up requests."""

import json
import shutil

import pytest

from keras_gans.serving.warmup import write_warmup
from tests.backends import written_once
from tests.serving.conftest import MODELS

tf = pytest.importorskip("tensorflow", reason="SavedModels are written by TensorFlow")
pytest.importorskip("tensorflow_serving", reason="the messages come with the extra `serving`")


@written_once
@pytest.mark.parametrize("name", MODELS)
def test_every_signature_runs_on_its_requests(name, exported, tmp_path):
    from tensorflow_serving.apis import prediction_log_pb2

    model, path = exported(name)
    path = shutil.copytree(path, tmp_path / "1")
    write_warmup(path, "gan", (1, 2), next(iter(model.endpoints().values())).sides)
    file = path / "assets.extra" / "tf_serving_warmup_requests"
    signatures = tf.saved_model.load(str(path)).signatures
    warmed = []
    for record in tf.data.TFRecordDataset(str(file)):
        log = prediction_log_pb2.PredictionLog.FromString(record.numpy())
        request = log.predict_log.request
        inputs = {k: tf.constant(tf.make_ndarray(v)) for k, v in request.inputs.items()}
        (images,) = signatures[request.model_spec.signature_name](**inputs).values()
        warmed.append((request.model_spec.signature_name, len(images)))
    assert sorted(warmed) == sorted((s, n) for s in signatures for n in (1, 2))
    assert set(signatures) == set(json.loads((path / "signature.json").read_text()))
