"""Messages of TensorFlow Serving's gRPC interface."""

from keras_gans.serving.extra import needed


def predict_request(model, inputs, signature="serving_default", version=None):
    """A `PredictRequest`.

    Args:
        model: Name that the server has the model under.
        inputs: Dict from names of tensors to arrays; arrays of `bytes` for strings.
        signature: Name of the signature.
        version: Integer, or `None` for the newest.
    """
    import tensorflow as tf

    request = needed("tensorflow_serving.apis.predict_pb2").PredictRequest()
    specify(request.model_spec, model, signature, version)
    for name, array in inputs.items():
        request.inputs[name].CopyFrom(tf.make_tensor_proto(array))
    return request


def metadata_request(model, version=None):
    """A `GetModelMetadataRequest` for the signatures of a model.

    Args:
        model: Name that the server has the model under.
        version: Integer, or `None` for the newest.
    """
    metadata = needed("tensorflow_serving.apis.get_model_metadata_pb2")
    request = metadata.GetModelMetadataRequest(metadata_field=["signature_def"])
    specify(request.model_spec, model, "", version)
    return request


def specify(model_spec, model, signature, version):
    model_spec.name = model
    model_spec.signature_name = signature
    if version is not None:
        model_spec.version.value = version


def arrays_of(response):
    """Dict from names to arrays: the outputs of a `PredictResponse`."""
    import tensorflow as tf

    return {name: tf.make_ndarray(tensor) for name, tensor in response.outputs.items()}


def signature_defs(response):
    """What a `GetModelMetadataResponse` says of the signatures, as the JSON of REST has it."""
    metadata = needed("tensorflow_serving.apis.get_model_metadata_pb2")
    signatures = metadata.SignatureDefMap()
    response.metadata["signature_def"].Unpack(signatures)
    as_dict = needed("google.protobuf.json_format").MessageToDict
    return as_dict(signatures, preserving_proto_field_name=True)["signature_def"]
