"""Train pix2pix on pairs of images.

The program is `keras_gans_cli/pix2pix.py`.
"""

import sys

from keras_gans_cli.pix2pix import main

if __name__ == "__main__":
    sys.exit(main())
