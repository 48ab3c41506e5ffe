"""Warm-up requests: what TensorFlow Serving runs before a version answers its first request."""

import json

import numpy as np

from keras_gans.serving.extra import needed
from keras_gans.serving.messages import predict_request
from keras_gans.serving.pngs import png_of
from keras_gans.serving.saved_model import SIGNATURES

FILE = "assets.extra/tf_serving_warmup_requests"


def write_warmup(saved_model, model, batches, image_shape):
    """Write one request for each signature and batch size into a SavedModel.

    Args:
        saved_model: `pathlib.Path` of the SavedModel.
        model: Name that the server has the model under.
        batches: Batch sizes.
        image_shape: What `input_shape(model)` returned: the shape of images, where any go in.
    """
    import tensorflow as tf

    logs = needed("tensorflow_serving.apis.prediction_log_pb2")
    path = saved_model / FILE
    path.parent.mkdir()
    signatures = json.loads((saved_model / SIGNATURES).read_text())
    with tf.io.TFRecordWriter(str(path)) as writer:
        for signature, sides in signatures.items():
            for n in batches:
                inputs = {
                    name: zeros(name, spec, n, image_shape)
                    for name, spec in sides["inputs"].items()
                }
                request = predict_request(model, inputs, signature)
                log = logs.PredictionLog(predict_log=logs.PredictLog(request=request))
                writer.write(log.SerializeToString())


def zeros(name, spec, n, image_shape):
    """An input of `n` images that holds nothing but zeros."""
    if name == "num_images":
        return np.int32(n)
    if spec["dtype"] == "string":
        return np.array([png_of(np.zeros(image_shape, "uint8"))] * n, object)
    shape = spec["shape"]
    if len(shape) == 4:
        shape = (n, *image_shape)
    return np.zeros([n, *shape[1:]] if shape else [], spec["dtype"])
