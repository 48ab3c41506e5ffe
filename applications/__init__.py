"""Short programs that compose keras_gans: `python -m applications.dcgan`."""

import os

# Before TensorFlow starts: programs say what matters themselves. Set it to 0 to see all.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
