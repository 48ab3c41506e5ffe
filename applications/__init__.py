"""The programs of `keras-gans` for a checkout: `python -m applications.dcgan`."""
