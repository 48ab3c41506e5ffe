"""Train a GAN that grows.

The program is `keras_gans_cli/progressive.py`.
"""

import sys

from keras_gans_cli.progressive import main

if __name__ == "__main__":
    sys.exit(main())
