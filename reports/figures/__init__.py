"""The figures of a report, one small file a subject. Each takes a view and returns a matplotlib `Figure`."""
