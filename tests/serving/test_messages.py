"""Messages of TensorFlow Serving's gRPC interface."""

import numpy as np
import pytest

from keras_gans.serving.messages import (
    arrays_of,
    metadata_request,
    predict_request,
    signature_defs,
)

tf = pytest.importorskip("tensorflow", reason="makes the tensors of messages")
pytest.importorskip("tensorflow_serving", reason="the messages come with the extra `serving`")


def test_a_predict_request_holds_the_tensors():
    inputs = {"images": np.ones((2, 3), "uint8"), "seed": np.int64(7)}
    request = predict_request("gan", inputs, "generate", version=2)
    again = type(request).FromString(request.SerializeToString())
    assert (again.model_spec.name, again.model_spec.version.value) == ("gan", 2)
    assert again.model_spec.signature_name == "generate"
    for name, array in inputs.items():
        np.testing.assert_array_equal(tf.make_ndarray(again.inputs[name]), array)
        assert tf.make_ndarray(again.inputs[name]).dtype == array.dtype
    assert not predict_request("gan", inputs).model_spec.HasField("version")


def test_bytes_with_zeros_at_their_end_stay_whole():
    pngs = np.array([b"\x89PNG\0\0", b"\0"], object)
    (tensor,) = predict_request("gan", {"images_png_bytes": pngs}).inputs.values()
    assert list(tensor.string_val) == list(pngs)


def test_responses_are_read():
    from tensorflow.core.protobuf import meta_graph_pb2
    from tensorflow_serving.apis import get_model_metadata_pb2, predict_pb2

    response = predict_pb2.PredictResponse()
    response.outputs["images"].CopyFrom(tf.make_tensor_proto(np.ones((2, 3), "uint8")))
    np.testing.assert_array_equal(arrays_of(response)["images"], np.ones((2, 3), "uint8"))

    assert list(metadata_request("gan").metadata_field) == ["signature_def"]
    signature = meta_graph_pb2.SignatureDef(method_name="predict")
    signature.outputs["images"].dtype = 4
    signatures = get_model_metadata_pb2.SignatureDefMap(signature_def={"generate": signature})
    metadata = get_model_metadata_pb2.GetModelMetadataResponse()
    metadata.metadata["signature_def"].Pack(signatures)
    assert signature_defs(metadata) == {
        "generate": {"method_name": "predict", "outputs": {"images": {"dtype": "DT_UINT8"}}}
    }
