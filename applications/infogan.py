"""Train an InfoGAN on images without labels.

The program is `keras_gans_cli/infogan.py`.
"""

import sys

from keras_gans_cli.infogan import main

if __name__ == "__main__":
    sys.exit(main())
