"""The tests are a package of their own: another `tests` that some dependency installs is not taken for it."""
