"""The scenario gallery: data only."""
