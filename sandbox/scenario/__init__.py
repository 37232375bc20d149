"""What an analyst writes: schema, units, loading, errors, and where every value comes from."""
