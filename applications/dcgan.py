"""Train a DCGAN on images.

The program is `keras_gans_cli/dcgan.py`.
"""

import sys

from keras_gans_cli.dcgan import main

if __name__ == "__main__":
    sys.exit(main())
