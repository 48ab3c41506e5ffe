"""Train a GAN that makes images of a class.

The program is `keras_gans_cli/conditional.py`.
"""

import sys

from keras_gans_cli.conditional import main

if __name__ == "__main__":
    sys.exit(main())
