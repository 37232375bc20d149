"""Every sentence about a scenario file that a user may read, by code, so that another language is one more dict.

`{...}` marks what is filled in. Sentences are plain, name the mend where there is one, and end without a full stop.
"""

from __future__ import annotations

from typing import Final

ENGLISH: Final[dict[str, str]] = {
    # How an error is put together.
    "expected": "expected {expected}",
    "nearest": "Did you mean '{nearest}'?",
    "more": "... and {count} more",
    # Files.
    "no_file": "there is no such file",
    "not_a_file": "this is not an ordinary file",
    "unreadable": "the file cannot be read: {reason}",
    "unknown_scenario": "'{name}' is neither a scenario of the gallery nor a file",
    "too_large": "the file is larger than {limit}; a scenario is far smaller",
    "empty": "the file is empty; a scenario needs at least `title` and `question`",
    "binary": "this is not a text file (byte {byte} at offset {offset})",
    "control_character": "a control character ({character}) does not belong in a scenario",
    "encoding": "the file is not UTF-8 (byte {byte}); save it as UTF-8",
    "encoding_named": "the file is {encoding}, not UTF-8; save it as UTF-8",
    # YAML.
    "yaml": "this is not valid YAML: {problem}",
    "yaml_tab": "a tab is used for indentation; use spaces",
    "yaml_colon": "a second colon in one line; put the text in quotes, or the entry on a line of its own",
    "yaml_unclosed": "a quote or bracket that opens in line {opened} is not closed",
    "yaml_indent": "the indentation does not fit the lines above",
    "yaml_alias": "`*{name}` refers to nothing; an anchor `&{name}` must come before it",
    "yaml_cycle": "`*{name}` refers to a part of the file that contains it",
    "many_documents": "a second document begins here; a scenario is one document",
    "tag": "the tag `{tag}` is not allowed; a scenario is data only",
    "merge_key": "the merge key `<<` is not read; repeat the entries, or use `extends`",
    "complex_key": "the name of an entry must be plain text",
    "empty_key": "an entry without a name",
    "duplicate_key": "'{key}' is given twice; first in line {first}",
    "too_deep": "nested more than {limit} deep",
    "too_many_nodes": "more than {limit} values, aliases counted as often as they are used",
    "too_many_digits": "a number of {digits} digits",
    "not_a_mapping_at_top": "a scenario is a list of `name: value` lines, not {kind}",
    # extends.
    "extends_type": "expected the name of one scenario or a path to a file",
    "extends_cycle": "a scenario cannot extend itself: {chain}",
    "extends_deep": "more than {limit} scenarios extend one another: {chain}",
    "extends_unknown": "'{name}' is neither a scenario of the gallery nor a file beside this one",
    # --set.
    "set_syntax": "'{path}' is not a path such as `rules.box.enabled` or `faults[0].starts`",
    "set_inside": "'{inside}' holds no entries; set it as a whole",
    "set_index": "there is no entry {index}; the list has {count}",
    "set_extends": "`extends` cannot be set here; name the scenario itself",
    # Values.
    "unknown_key": "'{key}' is not a parameter",
    "unknown_key_there": "'{key}' is not a parameter here",
    "missing": "a value is missing",
    "wrong_type": "{value} is not {wanted}",
    "bool_for_number": "{value} is not a number",
    "not_whole": "{value} is not a whole number",
    "not_finite": "{value} is not a finite number",
    "choice": "{value} is not one of the choices",
    "bad_name": "{value} cannot be a name",
    "bad_text": "the text holds characters that no table can show",
    "below": "{value} is too small",
    "above": "{value} is too large",
    "too_short": "{count} entries are too few",
    "too_long": "{count} entries are too many",
    "text_short": "the text is empty",
    "text_long": "the text is too long",
    "bad_date": "{value} is not a date",
    "date_zone": "{value} names a time zone; give local time without one",
    "date_range": "{value} is out of range",
    "unit": "{value} cannot be read",
    "unit_missing": "{value} has no unit",
    "unit_unknown": "'{unit}' is not a unit of {quantity}",
    "unit_overflow": "{value} is too large",
    "unit_fraction": "{value} is finer than the smallest unit ({smallest})",
    "other": "{value} is not valid here: {message}",
    # Values that do not go together.
    "shares": "the shares sum to {total}, not to 100 %",
    "name_taken": "the name '{name}' is taken by the ledger's station",
    "name_twice": "'{name}' is the name of a segment already; tables would mix the two",
    "name_reserved": "the name '{name}' is reserved for payments of a trace",
    "not_an_operator": "{name} is not an operator",
    "via_missing": "an indirect bank must name the operator it stands behind",
    "via_operator": "an operator stands behind nobody; leave `via` out",
    "unknown_station": "'{name}' is not a station",
    "unknown_institution": "'{name}' is not an institution",
    "no_operator": "there is no operator; at least one institution must be of kind `operator`",
    "needs_corporates": "corporate payments need at least 2 `population.corporates`",
    "winners_wallets": "{winners} winners need as many personal wallets; `population.wallets` times `scale` is {wallets}",
    "winners_registered": "{winners} winners, but only {registered} registered",
    "claims_late": "must not be longer than `lasts`",
    "too_many_bins": "more than {limit} bins; take a longer bin",
    "too_many_rows": "more than {limit} rows of stations and bins; take a longer bin",
    "too_many_wallets": "{count} wallets, merchants included, after `scale`; at most {limit}",
    "too_many_payments": "about {count} payments in all; at most {limit}",
    "too_much_money": "about {amount} in all, more than an account can hold; at most {limit}",
    "top_below_bottom": "must not be below `{bottom}`",
    "weights": "hourly weights lie between 0 and 1000000, and those of a weekday are not all 0",
    "profile": "{value} is not a profile",
    "either": "give segments or a trace, not both",
    "months": "months are 1 to 12",
    "changes_nothing": "a rule change must change `wallet_limits` or `box`",
    "festival_peak": "this peak cannot be reached: with `decay` and the second rise the burst would fill the day",
    # sources.
    "source_path": "the scenario has no '{path}'",
    "no_trace": "there is no file '{name}' (looked in {folder})",
}


def text(code: str, **values: object) -> str:
    """The sentence for `code` with its values filled in.

    >>> text("unknown_key", key="walets")
    "'walets' is not a parameter"
    """
    return ENGLISH[code].format(**values)
