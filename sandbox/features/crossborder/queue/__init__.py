"""A queue of payments that wait for money, and what settles together when nothing can alone."""
