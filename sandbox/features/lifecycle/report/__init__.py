"""The report's chapter on the life of the box."""
