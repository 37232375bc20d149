"""Cross-border payments of a finished run as ISO 20022 messages: rows, their story, and documents made of it."""
