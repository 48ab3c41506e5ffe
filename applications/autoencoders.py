"""Train autoencoders on images.

The program is `keras_gans_cli/autoencoders.py`.
"""

import sys

from keras_gans_cli.autoencoders import main

if __name__ == "__main__":
    sys.exit(main())
