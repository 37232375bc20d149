"""What was published of flights from deposits."""

from typing import Final

from sandbox.language import N_
from sandbox.validation.check import Published

PUBLISHED: Final = Published(
    {"flight": "sandbox.features.flight.ecb_study:checks"},
    {
        "flight": N_("A flight from deposits under a holding limit"),
        "flight.fitted": N_(
            "the spread of deposits, the spread of buffers, what users hold for payments; what leaves at "
            "lower limits is not"
        ),
        "flight.outflow": N_("outflow at 3,000 euro, billion euro"),
        "flight.share": N_("outflow at 3,000 euro, share of deposits"),
        "flight.banks": N_("banks out of buffers, of 2,025"),
        "flight.banks_share": N_("their share of deposits"),
        "flight.usual": N_("held in usual times, billion euro"),
        "flight.outflow_500": N_("outflow at 500 euro, billion euro"),
        "flight.banks_500": N_("banks out of buffers at 500 euro"),
        "flight.outflow_1000": N_("outflow at 1,000 euro, billion euro"),
        "flight.banks_1000": N_("banks out of buffers at 1,000 euro"),
        "flight.outflow_2000": N_("outflow at 2,000 euro, billion euro"),
        "flight.banks_2000": N_("banks out of buffers at 2,000 euro"),
    },
)
