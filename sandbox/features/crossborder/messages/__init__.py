"""Cross-border payments of a finished run as ISO 20022 messages: rows, their flow, documents made of it."""
