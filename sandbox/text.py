"""Every sentence about a scenario file or a run folder that a user may read, by code, so that another language is one
more dict.

`{...}` marks what is filled in. Sentences are plain, name the mend where there is one, and end without a full stop.
"""

from __future__ import annotations

from typing import Final

from sandbox.text_folders import FOLDERS

ENGLISH: Final[dict[str, str]] = {
    # How an error is put together.
    "expected": "expected {expected}",
    "nearest": "Did you mean '{nearest}'?",
    "more": "... and {count} more",
    # Memory.
    "memory_one": (
        "the run needs about {needed} of memory and {free} are free; {count} of these take {part}: ask for less, or "
        "set {variable}=1 to run it all the same"
    ),
    "memory_many": (
        "{processes} runs at a time need about {needed} of memory and {free} are free; {count} of these in each take "
        "{part}: ask for less, run fewer at a time (`--processes`), or set {variable}=1 to run it all the same"
    ),
    # Files.
    "no_file": "there is no such file",
    "not_a_file": "this is not an ordinary file",
    "unreadable": "the file cannot be read: {reason}",
    "unknown_scenario": "neither a scenario of the gallery nor a file",
    "unknown_scenario_at_all": "neither a scenario of the gallery nor a file; `ecny-sandbox list` shows the gallery; "
    "what has spaces in it goes in quotes",
    "longer_than": "it is longer than {limit} bytes",
    "too_large": "the file is larger than {limit}; a scenario is far smaller",
    "empty": "the file is empty; a scenario needs at least `title` and `question`",
    "binary": "this is not a text file (byte {byte} at offset {offset})",
    "long_line": "a line of more than {limit} characters; put long texts on several lines",
    "control_character": "a control character ({character}) does not belong in a scenario",
    "encoding": "the file is not UTF-8 (byte {byte}); save it as UTF-8",
    "encoding_named": "the file is {encoding}, not UTF-8; save it as UTF-8",
    # YAML.
    "yaml": "this is not valid YAML: {problem}",
    "yaml_tab": "a tab is used for indentation; use spaces",
    "yaml_colon": "a second colon in one line; put the text in quotes, or the entry on a line of its own",
    "yaml_no_colon": "there is no colon after the name; an entry is `name: value`",
    "yaml_odd": "{odd} is not the plain character that belongs here; write `{line}`",
    "flow_comma": "in braces a comma ends an entry, so `{written}` is not one number; write `{meant}`",
    "flow_list": "commas seem to stand inside numbers as well as between them; write `{line}`, or a space after each",
    "flow_no_space": "a space belongs after the colon; write `{line}`",
    "flow_no_colon": "'{key}' has no colon; in braces an entry is `name: value`",
    "yaml_unclosed": "the quote or bracket that opens here is not closed",
    "yaml_ends": "the file ends in the middle of an entry",
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
    "extends_unknown": "'{name}' is neither a scenario of the gallery nor a `.yaml` file beside this one",
    # --set.
    "python_value": "{value} is of the type '{kind}', which no scenario can hold; give text, a number, true or false, "
    "a list or a mapping",
    "python_name": "{value} cannot be the name of an entry; names are text",
    "python_name_twice": "two entries are both called '{key}'",
    "name_alike": "'{name}' looks like '{other}', the name of another entry, in other characters; write it as there, "
    "or choose another name",
    "set_nothing": "there is no value; write `null` for the default",
    "set_numbered": "'{inside}' is a list; its entries are numbered in brackets",
    "set_named": "'{inside}' holds entries by name, not by number",
    "set_syntax": "this is not a path such as `rules.box.enabled` or `faults[0].starts`",
    "set_inside": "'{inside}' holds no entries; set it as a whole",
    "set_index": "there is no entry {index}; the list has {count}",
    "set_unknown": "`{inside}` has no '{name}'; a new one is set as a whole, in braces",
    "set_extends": "`extends` cannot be set here; name the scenario itself",
    # What is expected.
    "want_money": "an amount with its unit, such as `2000 CNY`",
    "want_dollars": "an amount in US dollars, such as `50000 USD`",
    "want_duration": "a time with its unit, such as `15 s`, `8 ms` or `3 days`",
    "want_unit_duration": "a time with its unit: `{number} s`, `{number} min`, `{number} h` or `{number} days`",
    "want_unit_rate": "a rate with its unit: `{number} /s`, `{number} /min`, `{number} /h` or `{number} /day`",
    "want_rate": "a rate with its unit, such as `33 /s` or `2900000 /day`",
    "want_share": "a share, such as `5 %` or `0.05`",
    "want_ticket": "the name of a preset, `survey` or `qr_quantile`, or entries such as `{{median: 18 CNY}}`",
    "want_limit": "an amount with its unit, such as `2000 CNY`, or `none`",
    "want_patience": "a time with its unit, such as `15 s`, or `none`",
    "want_whole": "a whole number",
    "want_number": "a number",
    "want_switch": "`true` or `false`",
    "want_text": "text; a number or date as text goes in quotes",
    "want_date": "a date such as `2026-03-02` or `2026-03-02 08:00`",
    "want_list": "a list such as `[{example}]`",
    "want_sequence": "a list, each entry with a dash",
    "want_mapping": "names, each with its own entries",
    "want_section": "entries such as `{example}: ...`",
    "want_one_of": "one of {names}",
    "want_some": "a value",
    "want_at_least": "at least {bound}",
    "want_more": "more than {bound}",
    "want_at_most": "at most {bound}",
    "want_less": "less than {bound}",
    "want_entries": "{count} entries",
    "want_entries_at_least": "at least {count}",
    "want_entries_at_most": "at most {count}",
    "want_characters": "at most {count} characters",
    "want_name": "1 to 64 characters that can be printed",
    "want_profile": "one of {names}, or `weekday` and `weekend` with 24 weights each",
    "want_years": "a year from 1970 to 2199",
    "smallest_money": "1 fen",
    "smallest_dollars": "1 cent",
    "smallest_duration": "1 us",
    "quantity_money": "money",
    "quantity_dollars": "US dollars",
    "quantity_duration": "time",
    "quantity_rate": "a rate",
    "quantity_share": "a share",
    # Values.
    "unknown_key": "'{key}' is not a parameter",
    "unknown_key_there": "'{key}' is not a parameter here",
    "missing": "a value is missing",
    "wrong_type": "{value} does not belong here",
    "not_a_number": "{value} is not a number",
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
    "number_form": "{value} cannot be read: decimals follow a point, commas stand between groups of three digits only",
    "duration_parts": "{value} cannot be read: of several parts each has a smaller unit than the one before it",
    "odd_character": "{value} cannot be read: {odd} is not the plain character",
    "unit_missing": "{value} has no unit",
    "unit_unknown": "'{unit}' is not a unit of {quantity}",
    "unit_overflow": "{value} is too large",
    "unit_fraction": "{value} is finer than the smallest unit ({smallest})",
    "other": "{value} is not valid here: {message}",
    # Values that do not go together.
    "shares": "the shares sum to {total}, not to 100 %",
    "class_missing": "class {name} is missing; a mapping of classes names all that there are",
    "name_taken": "the name '{name}' is taken by the ledger's station",
    "name_twice": "'{name}' is the name of a segment already; tables would mix the two",
    "name_reserved": "the name '{name}' is reserved for payments of a trace",
    "not_an_operator": "{name} is not an operator",
    "via_missing": "an indirect bank must name the operator it stands behind",
    "via_operator": "an operator stands behind nobody; leave `via` out",
    "of_another_kind": "`{name}` is of faults of the kind {kind}, and does nothing to one of the kind {given}: "
    "change the `kind`, or leave it out",
    "slower_by": "a slow-down says how many times as long service takes, such as `factor: 10`",
    "unknown_station": "'{name}' is not a station",
    "unknown_institution": "'{name}' is not an institution",
    "no_operator": "there is no operator; at least one institution must be of kind `operator`",
    "needs_corporates": "corporate payments need at least 2 `population.corporates`",
    "winners_wallets": "{winners} winners (with the campaigns above) need as many wallets; "
    "`population.wallets` times `scale` is {wallets}",
    "winners_registered": "{winners} winners, but only {registered} registered",
    "claims_late": "must not be longer than `lasts`",
    "too_many_bins": "more than {limit} bins; take a longer `series.bin`",
    "too_many_rows": "more than {limit} rows of stations and bins; take a longer `series.bin`",
    "too_many_wallets": "{count} wallets, merchants included, after `scale`; at most {limit}",
    "too_many_payments": "about {count} payments in all; at most {limit}",
    "too_much_money": "about {amount} in all, more than an account can hold; at most {limit}",
    "top_below_bottom": "must not be below `{bottom}`",
    "top_above_other": "must not be above `{top}`",
    "not_rising": "must be above the one before it",
    "weights": "hourly weights lie between 0 and 1000000, and those of a weekday are not all 0",
    "profile": "{value} is not a profile",
    "either": "give segments or a trace, not both",
    "months": "months are 1 to 12",
    "changes_nothing": "a rule change must change `wallet_limits` or `box`",
    "festival_peak": "this peak cannot be reached: with `decay` and the second rise the burst would fill the day",
    "closes_early": "must be later in the day than `opens`",
    # experiment.
    "varied_how": "give either `values`, or `low` and `high`",
    "varied_same": "'{value}' and '{other}' are the same value, spelt in two ways; give it once",
    "varied_twice": "a value is given twice",
    "varied_both": "'{name}' is a lever already",
    "varied_range": "a grid needs `values`; a range is for the designs latin_hypercube and sobol",
    "varied_not": "'{path}' is the same in all runs and cannot be varied; replications have seeds of their own",
    "seed_twice": "the seed is given by `--seed` too; give it once",
    "warm_up_alone": "has no use without `steady_state: true`",
    "warm_up_long": "nothing would be left to measure: {left} of {whole} bins, and the means of a steady state need "
    "{least}; take a shorter `warm_up` or `bin`, or a longer `duration`",
    "varied_no_range": "'{path}' has no order, so a range means nothing; give `values`",
    "varied_order": "`low` must be below `high`",
    "varied_log": "a log scale needs values above 0",
    "varied_value": "{value} cannot stand there: {problem}",
    # What is dated after the end of the run.
    "note": "note: {problem}",
    "late_start": "it begins after {at}, but the run ends after {end}, so it never happens; let it begin earlier, "
    "raise `duration`, or leave it out",
    "late_end": "it lasts until {at}, but the run ends after {end}; raise `duration` to see its end",
    # Cohorts.
    "cohorts_share": "the shares sum to {total}, more than 100 %",
    "cohort_name": "the name '{name}' is taken by a line of the table; choose another",
    "cohorts_idle": "everybody is in a cohort that makes no payments; give one an `activity` above 0",
    "unknown_cohort": "'{name}' is not one of `population.cohorts`",
    # The life of the box.
    "gate_stop_above": "must not be above `target`, or the test would be suspended before the gate is missed",
    "gate_stop_below": "must not be below `target`, or the test would be suspended before the gate is missed",
    "gate_out_of_reach": "can never be passed: half of the ledger's postings alone take {least} or longer",
    "stage_reserved": "'{name}' is a stage that every plan has; take another name",
    "unknown_stage": "'{name}' is not a stage of this plan",
    "stage_circle": "these stages go round in a circle and never graduate: {chain}",
    "stage_unreached": "no stage leads to '{name}': {chain} -> graduated",
    "plan_too_short": "nobody could graduate in time: the stages take at least {days} days",
    "correction_short": "must not be shorter than `review_every`, or no review would see what was mended",
    "applies_twice": "'{name}' applies already",
    "automatic_stop_alone": "with `automatic_stop` one applicant is tested at a time; name one only",
    "automatic_stop_caps": "no stage has a cap on `participants` or `total_exposure` that could stop it",
    "preset_twice": "'{name}' is named already",
    "preset_impossible": "under '{name}' this plan is not possible; see the caps, times and number of its applicants",
    "applicant_outside": "'{name}' is not among `rules.box.institutions`",
    "plan_box_off": "the box is not enabled, so its plan does nothing; write `enabled: true` beside it (or `false`)",
    "plan_offers_nothing": "no stage is offered to anybody; set `offered_to` of one of them above 0 %",
    "never_judged": "the run has about {count} payments in all, so no review would ever have as many as this",
    "plan_too_slow": "nobody would be admitted before the run ends: that takes {days} days; raise `pace` or `duration`",
    "rollout_trace": "a payment trace cannot be made larger; leave `rollout` out",
    "unknown_category": "'{name}' is not one of `merchants.categories`",
    "too_many_sources": "{over} streams of payments too many; a campaign counts as two",
    "no_such_merchant": "there are {count} merchants, numbered from 0 to {last}",
    # Payments across borders.
    "bad_holiday": "{value} is not a day off",
    "want_holiday": "a date such as `2026-10-01`, or `2026-10-01 to 2026-10-07`",
    "bad_code": "{value} is not a code",
    "want_country": "two capital letters of ISO 3166, such as `HK`",
    "want_currency": "three capital letters of ISO 4217, such as `HKD`",
    "want_pair": "two currencies, such as `CNY/HKD`",
    # sources.
    "source_path": "the scenario has no '{path}'",
    "preset_renamed": "the values written out beside it are those of {old}, not of {name}; take out {entries}, and "
    "{name} gives its own, or put {old} back",
    **FOLDERS,
}


def text(code: str, **values: object) -> str:
    """The sentence for `code` with its values filled in; a feature's own sentence is its own code.

    >>> text("unknown_key", key="walets")
    "'walets' is not a parameter"
    """
    return (code if " " in code else ENGLISH[code]).format(**values)
