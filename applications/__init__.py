"""Short programs that compose keras_gans: `python -m applications.dcgan`."""
