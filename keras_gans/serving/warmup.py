"""Warm-up requests: what TensorFlow Serving runs before a version answers its first request."""

import numpy as np

from keras_gans.serving.extra import needed
from keras_gans.serving.messages import predict_request
from keras_gans.serving.pngs import png_of
from keras_gans.serving.saved_model import read_signatures
from keras_gans.serving.signatures import SIDE

FILE = "assets.extra/tf_serving_warmup_requests"


def write_warmup(saved_model, model, batches, sides=(None, None)):
    """Write one request for each signature and batch size into a SavedModel.

    Args:
        saved_model: `pathlib.Path` of the SavedModel.
        model: Name that the server has the model under.
        batches: Batch sizes.
        sides: `(height, width)` of images, where signatures leave them open.
    """
    import tensorflow as tf

    logs = needed("tensorflow_serving.apis.prediction_log_pb2")
    path = saved_model / FILE
    path.parent.mkdir()
    signatures = read_signatures(saved_model)
    with tf.io.TFRecordWriter(str(path)) as writer:
        for signature, described in signatures.items():
            # The images in PNGs have the shape that the same signature without them takes.
            plain = signatures[signature.removesuffix("_png")]["inputs"].values()
            for n in batches:
                inputs = {
                    name: zeros(name, *specs, n, sides)
                    for name, *specs in zip(
                        described["inputs"], described["inputs"].values(), plain, strict=True
                    )
                }
                request = predict_request(model, inputs, signature)
                log = logs.PredictionLog(predict_log=logs.PredictLog(request=request))
                writer.write(log.SerializeToString())


def zeros(name, spec, plain, n, sides):
    """An input of `n` rows that holds nothing but zeros."""
    if name == "num_images":
        return np.int32(n)
    usual = (n, *(side or SIDE for side in sides))
    shape = [usual[axis] if size is None else size for axis, size in enumerate(plain["shape"])]
    if spec["dtype"] == "string":
        return np.array([png_of(np.zeros(shape[1:], "uint8"))] * n, object)
    return np.zeros(shape, spec["dtype"])
