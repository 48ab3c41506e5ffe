"""Train SRGAN by the whole schedule of its paper.

The program is `keras_gans_cli/srgan_paper.py`.
"""

import sys

from keras_gans_cli.srgan_paper import main

if __name__ == "__main__":
    sys.exit(main())
