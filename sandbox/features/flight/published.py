"""What was published of flights from deposits."""

from typing import Final

from sandbox.validation.check import Published

PUBLISHED: Final = Published(
    {"flight": "sandbox.features.flight.ecb_study:checks"},
    {
        "flight": "A flight from deposits under a holding limit",
        "flight.fitted": (
            "the spread of deposits, the spread of buffers, what users hold for payments; what leaves at lower limits "
            "is not"
        ),
        "flight.outflow": "outflow at 3,000 euro, billion euro",
        "flight.share": "outflow at 3,000 euro, share of deposits",
        "flight.banks": "banks out of buffers, of 2,025",
        "flight.banks_share": "their share of deposits",
        "flight.usual": "held in usual times, billion euro",
        "flight.outflow_500": "outflow at 500 euro, billion euro",
        "flight.banks_500": "banks out of buffers at 500 euro",
        "flight.outflow_1000": "outflow at 1,000 euro, billion euro",
        "flight.banks_1000": "banks out of buffers at 1,000 euro",
        "flight.outflow_2000": "outflow at 2,000 euro, billion euro",
        "flight.banks_2000": "banks out of buffers at 2,000 euro",
    },
)
