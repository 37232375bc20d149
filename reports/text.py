"""Every word a reader of a report sees, by key, so that another language is one more dict.

`{...}` marks what is filled in. Names that the simulator gives to outcomes, stages, actors and the like are looked up
as `group.name`; one that is not here is shown as it is.
"""

from __future__ import annotations

from typing import Final

from reports.words import (
    asked,
    basis,
    bills,
    contracts,
    crime,
    crossborder,
    crossborder_liquidity,
    data_exchange,
    experiment,
    figures,
    flight,
    happened,
    inclusion,
    names,
    offline,
    risk,
    sandbox,
    supervision,
)

ENGLISH: Final[dict[str, str]] = {
    **names.ENGLISH,
    **asked.ENGLISH,
    **happened.ENGLISH,
    **figures.ENGLISH,
    **risk.ENGLISH,
    **sandbox.ENGLISH,
    **flight.ENGLISH,
    **inclusion.ENGLISH,
    **bills.ENGLISH,
    **contracts.ENGLISH,
    **data_exchange.ENGLISH,
    **offline.ENGLISH,
    **crime.ENGLISH,
    **crossborder.ENGLISH,
    **crossborder_liquidity.ENGLISH,
    **supervision.ENGLISH,
    **basis.ENGLISH,
    **experiment.ENGLISH,
}


def say(key: str, **values: object) -> str:
    """The text of a key, filled in. Values are put in as they are, never read as a template.

    >>> say("fig.from", moment="{x}")
    'local time, from {x}'

    Raises:
        KeyError: there is no such text.
    """
    return ENGLISH[key].format(**values)


def known(group: str, name: object) -> str:
    """The words for a name that the simulator gave, or the name itself with spaces.

    >>> known("outcome", "timed_out"), known("outcome", "new_reason")
    ('timed out', 'new reason')
    """
    return ENGLISH.get(f"{group}.{name}") or str(name).replace("_", " ")
