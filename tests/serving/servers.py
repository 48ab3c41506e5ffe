"""Small servers that answer as TensorFlow Serving does, from a SavedModel."""

import base64
import contextlib
import functools
import http.server
import json
import threading
from concurrent import futures

import numpy as np


@functools.cache
def load(path):
    import tensorflow as tf

    return tf.saved_model.load(str(path))


def run(path, signature, inputs):
    """The outputs of a signature by name."""
    import tensorflow as tf

    functions = load(path).signatures
    tensors = {
        name: tf.constant(inputs[name], spec.dtype)
        for name, spec in functions[signature].structured_input_signature[1].items()
    }
    return {name: tensor.numpy() for name, tensor in functions[signature](**tensors).items()}


def signature_defs(path):
    from tensorflow.core.protobuf import saved_model_pb2

    saved = saved_model_pb2.SavedModel.FromString((path / "saved_model.pb").read_bytes())
    return saved.meta_graphs[0].signature_def


class Serving(http.server.BaseHTTPRequestHandler):
    """REST, by the rules of the page on TensorFlow Serving's REST interface."""

    def do_GET(self):
        from google.protobuf import json_format
        from tensorflow_serving.apis import get_model_metadata_pb2

        self.server.described.append(self.path)
        signatures = get_model_metadata_pb2.SignatureDefMap(
            signature_def=signature_defs(self.server.saved_model)
        )
        as_dict = json_format.MessageToDict(signatures, preserving_proto_field_name=True)
        self.answer(200, {"metadata": {"signature_def": as_dict}})

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(self.path)
        if self.server.failures:
            self.answer(self.server.failures.pop(), {"error": "not ready"})
        elif body["signature_name"] not in signature_defs(self.server.saved_model):
            self.answer(404, {"error": "Serving signature name not found"})
        else:
            inputs = {name: decoded(value) for name, value in body["inputs"].items()}
            outputs = run(self.server.saved_model, body["signature_name"], inputs)
            values = {name: encoded(name, output) for name, output in outputs.items()}
            only, *others = values.values()
            self.answer(200, {"outputs": values if others else only})

    def answer(self, status, content):
        content = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments):
        pass


def encoded(name, output):
    if name.endswith("_bytes"):  # Others would come as text.
        return [{"b64": base64.b64encode(value).decode()} for value in output]
    return output.tolist()


def decoded(value):
    if isinstance(value, dict):
        return base64.b64decode(value["b64"])
    return [decoded(part) for part in value] if isinstance(value, list) else value


@contextlib.contextmanager
def rest_server(saved_model):
    """A server at `.url` that first answers with `.failures`.

    It notes where it is `.asked` for images and where its signatures are `.described`.
    """
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Serving)
    server.saved_model, server.failures, server.asked, server.described = saved_model, [], [], []
    server.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextlib.contextmanager
def grpc_server(saved_model):
    """The same by gRPC, with `.address`; what it notes are the requests."""
    import grpc
    import tensorflow as tf
    from tensorflow_serving.apis import (
        get_model_metadata_pb2,
        predict_pb2,
        prediction_service_pb2_grpc,
    )

    class Service(prediction_service_pb2_grpc.PredictionServiceServicer):
        failures, asked, described = [], [], []

        def Predict(self, request, context):
            self.asked.append(request)
            if self.failures:
                context.abort(getattr(grpc.StatusCode, self.failures.pop()), "not ready")
            inputs = {name: tf.make_ndarray(tensor) for name, tensor in request.inputs.items()}
            response = predict_pb2.PredictResponse()
            outputs = run(saved_model, request.model_spec.signature_name, inputs)
            for name, output in outputs.items():
                response.outputs[name].CopyFrom(tf.make_tensor_proto(np.asarray(output)))
            return response

        def GetModelMetadata(self, request, context):
            self.described.append(request)
            signatures = get_model_metadata_pb2.SignatureDefMap(
                signature_def=signature_defs(saved_model)
            )
            response = get_model_metadata_pb2.GetModelMetadataResponse()
            response.metadata["signature_def"].Pack(signatures)
            return response

    server = grpc.server(futures.ThreadPoolExecutor(2))
    service = Service()
    prediction_service_pb2_grpc.add_PredictionServiceServicer_to_server(service, server)
    service.address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    try:
        yield service
    finally:
        server.stop(None).wait()
