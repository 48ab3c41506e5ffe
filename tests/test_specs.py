from keras_gans.specs import Spec


def test_labels_know_how_many_classes_there_are():
    assert Spec("labels", (), "int32", low=0, high=9).classes == 10
    assert Spec("labels", (), "int32", low=0).classes is None
