"""What `keras-gans new` writes: packages that train, whose names it replaces."""
