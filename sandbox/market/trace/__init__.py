"""Payment traces as demand: a CSV or Parquet file of payments, checked line by line and streamed.

`inspect` reads the file once before anything is written and says how good it is; `read` yields its accepted rows as
columns: times in int us since the scenario's start, amounts in int fen, parties as numbers.
"""

from sandbox.market.trace.reading import TraceBatch, TraceQuality, TraceWorld, inspect, read
from sandbox.market.trace.refusals import KINDS, Reason, Refusal

__all__ = ["KINDS", "Reason", "Refusal", "TraceBatch", "TraceQuality", "TraceWorld", "inspect", "read"]
