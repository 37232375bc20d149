"""The journal: hash-chained, signed blocks over the payments of a run, and proofs that one payment is among them."""
