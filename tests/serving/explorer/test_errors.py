"""What a request is refused with."""

from keras_gans.serving.explorer.errors import RequestError


def test_a_refusal_has_a_sentence_and_a_status():
    assert (str(RequestError("No.")), RequestError("No.").status) == ("No.", 400)
    assert RequestError("Too much.", 413).status == 413
