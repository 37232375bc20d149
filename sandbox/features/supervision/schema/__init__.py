"""What an analyst writes of supervision."""
