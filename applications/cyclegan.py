"""Train CycleGAN on two folders of images.

The program is `keras_gans_cli/cyclegan.py`.
"""

import sys

from keras_gans_cli.cyclegan import main

if __name__ == "__main__":
    sys.exit(main())
