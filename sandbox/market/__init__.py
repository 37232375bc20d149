"""Who pays whom: segments, merchants, campaigns and payment traces."""
