"""Short programs that compose keras_gans: `keras-gans train dcgan`.

They are beside `keras_gans` and not in it, since importing anything of it brings TensorFlow along:
seconds, and lines of its own, before a program says what its options are.
"""

import os

# Before TensorFlow starts: programs say what matters themselves. Set it to 0 to see all.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
