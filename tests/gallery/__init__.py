"""What people read first of each scenario of the gallery."""
