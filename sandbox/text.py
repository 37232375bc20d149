"""Every sentence about a scenario file or a run folder that a user may read, by code, so that another language is one
more dict.

`{...}` marks what is filled in. Sentences are plain, name the mend where there is one, and end without a full stop.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Final

_LONG_FRACTION: Final = re.compile(r"(?<![\w.])\d{1,4}\.\d{5,}(?![\w.])")

ENGLISH: Final[dict[str, str]] = {
    # Our own files.
    "installed_shadowed": (
        "Python finds another `{name}` ({place}) before the one of ecny-sandbox (in {folder}); take it off PYTHONPATH, "
        "or install ecny-sandbox into a virtual environment of its own"
    ),
    "installed_overwritten": (
        "{file} is not what ecny-sandbox installed; does another package here have a `{name}`? Install ecny-sandbox "
        "into a virtual environment of its own"
    ),
    "installed_missing": "{file}: the scenario gallery is not what was installed; install ecny-sandbox again",
    # Work that needs an extra.
    "extra_missing": '{needs}: {python} -m pip install "ecny-sandbox[{extra}]"',
    "extra_broken": '{needs} ({reason}): {python} -m pip install --upgrade "ecny-sandbox[{extra}]"',
    "needs_cluster": "a cluster needs Dask",
    "needs_kept": "keeping tables in a store needs fsspec",
    "needs_messages": "ISO 20022 messages need pyiso20022 and xsdata",
    "needs_query": "questions in SQL need DuckDB",
    "needs_sensitivity": "the designs `morris` and `saltelli` need SALib",
    "needs_sobol": "the design `sobol` needs SciPy",
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
    "too_many_counts": "more than {limit} counts; take a longer `every`",
    "weights": "hourly weights lie between 0 and 1000000, and those of a weekday are not all 0",
    "profile": "{value} is not a profile",
    "either": "give segments or a trace, not both",
    "months": "months are 1 to 12",
    "changes_nothing": "a rule change must change `wallet_limits` or `box`",
    "festival_peak": "this peak cannot be reached: with `decay` and the second rise the burst would fill the day",
    "closes_early": "must be later in the day than `opens`",
    "report_twice": "there is a report '{name}' already",
    "no_report_before": "there is no report before the first one",
    "at_most_needless": "has no use where time is counted from `noticed`; leave it out, or make `within` shorter",
    "no_clocks": "name at least one report, or leave `clocks` out to take the preset's",
    "pace": "{given} is not between 0.01 and 100",
    # experiment.
    "varied_how": "give either `values`, or `low` and `high`",
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
    # A flight from deposits.
    "tier_open": "only the last tier may have `none`; say up to where this one goes",
    "tier_closed": "the last tier has no end; set its `up_to` to `none`",
    "tier_order": "must be above the tier before",
    "headroom_limit": "must not be above `holding_limit`, or nobody could hold anything without a waterfall",
    "too_many_groups": "more than {limit} groups of depositors in all; take fewer for each bank",
    "few_depositors": "every group of every bank needs at least one depositor",
    "no_funding": "no bank could pay anyone: give a `buffer`, or `collateral` worth something after its `haircut`",
    "unknown_bank": "'{name}' is not a bank of this flight",
    "modelled_regime": "wallets at modelled banks are owed by the central bank; set `rules.regime` to `digital_cash`",
    "flight_steps": "more than {limit} steps and banks; take a longer `flight.step`",
    # Hard wallets.
    "unknown_region": "'{name}' is not one of `offline.regions`",
    "unknown_group": "'{name}' is not one of `offline.purses`",
    "unknown_cohort": "'{name}' is not one of `population.cohorts`",
    "always_down": "must be longer than `lasts`, or the network would never come back",
    "purses_share": "with the groups above, more than 100 % of these people would have a purse",
    "attack_devices": "'{name}' has about {count} purses only",
    "many_purses": "about {count} purses; at most {limit}",
    "many_downtimes": "the network is down {count} times, over all regions; at most {limit}",
    "many_syncs": "about {count} syncs of purses in all; at most {limit}",
    "many_offline": "about {count} offline payments in all; at most {limit}",
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
    # Financial crime.
    "crime_segments": "crime hides among the payments of `demand.segments`; there are none",
    "pattern_accounts": "{name} needs at least {least} accounts",
    "pattern_payments": "with {count} accounts this needs at least {least} payments",
    "pattern_weights": "every `weight` is 0; give one pattern more, or set `no_pattern` to `100 %`",
    "pattern_people": "that would need {count} accounts to choose from, twice as many as it has; there are {have}",
    "pattern_room_between": "{name} hides among payments between personal wallets or between corporate ones; "
    "there is no such segment",
    "pattern_room_people": "{name} hides among payments from personal to personal wallets; there is no such segment",
    "pattern_room_shops": "{name} hides among payments from personal wallets to merchants; there is no such segment",
    "pattern_room_firms": "{name} hides among payments from corporate to corporate wallets; there is no such segment",
    "pattern_room_campaign": "{name} needs red packets; there is no campaign",
    # Programmable money.
    "source_taken": "'{name}' is the name of the payments that `contracts` bring about",
    "lesson_fen": "must be at least one fen for each of the {lessons} lessons",
    "part_fen": "must be at least one fen for each of the {parts} parts",
    "hours_order": "must be after `from_hour`",
    "contract_late": "begins when the run is over; let it begin earlier, or raise `duration` ({duration})",
    "contract_twice": "there are two contracts called '{name}'; each kind's names must differ from the others'",
    "contract_wallets": "{needed} people, but there are {wallets} personal wallets",
    "contract_shops": "{needed} merchants, but there are {shops}",
    "unknown_category": "'{name}' is not one of `merchants.categories`",
    "unknown_area": "'{name}' is not one of `contracts.areas`",
    "too_many_contracts": "with this about {count} things happen in contracts; at most {limit}",
    # Bills.
    "too_many_firms": "{count} firms in all; at most {limit}",
    "few_suppliers": "there are only {firms} firms of this tier in a chain",
    "first_tier": "a core firm orders from one first-tier firm at a time and pays it the whole bill: leave `suppliers` "
    "and `passes_on` out here",
    "whole_days": "bills run for whole days",
    "too_many_tries": "a bill would be tried {count} times until its last day; at most {limit}: take a longer `again` "
    "or a shorter `grace`",
    "fails_twice": "'{name}' fails twice",
    "too_many_bills": "about {count} bills in all; at most {limit}",
    "unknown_firm": "'{name}' is not a firm of these chains",
    "one_desk": "a bank does not buy bills that it accepted itself: with one operator, set `bank_accepted` to `0 %`",
    "too_many_sources": "{over} streams of payments too many; a campaign counts as two",
    "no_such_merchant": "there are {count} merchants, numbered from 0 to {last}",
    # Payments across borders.
    "bad_holiday": "{value} is not a day off",
    "want_holiday": "a date such as `2026-10-01`, or `2026-10-01 to 2026-10-07`",
    "currency_unknown": "'{name}' is not a currency of ISO 4217 that is known here",
    "currency_no_rate": "'{name}' has no rate; add it under `crossborder.currencies`",
    "quarter_hours": "there is no such time zone: hours ahead of UTC come in quarters, such as `5.75`",
    "corridor_closed": "nothing is ever sent: {name} has no office hours within the run; begin on a working day, run "
    "for longer, or let people pay at any hour (`any`)",
    "corridor_apart": "{pays} and {gets} never move at the same time within the run, so nothing could ever settle; "
    "change the hours of their jurisdictions, run for longer, or set `shared_ledger.hours` to `always`",
    "holding_unused": "nobody pays or is paid in {name} here",
    "bad_code": "{value} is not a code",
    "want_country": "two capital letters of ISO 3166, such as `HK`",
    "want_currency": "three capital letters of ISO 4217, such as `HKD`",
    "want_pair": "two currencies, such as `CNY/HKD`",
    "jurisdiction_unknown": "'{name}' is not a jurisdiction; add it under `crossborder.jurisdictions`",
    "corridor_at_home": "sender and receiver are both {name}; a payment across borders leaves its jurisdiction",
    "never_open": "it stays closed for more than {days} days in a row, so payments would wait for ever",
    "too_many_banks": "{count} banks; at most {limit}",
    "corridor_empty": "nobody ever pays here; give `payments` above `0 /day`, or a `count`",
    "smallest_above_mean": "the least size is above the mean",
    "too_many_crossings": "about {count} payments across borders; at most {limit}",
    "visitors_no_cohort": "there is no cohort '{name}', whose wallets they would have; add it to `population.cohorts`",
    "visitors_at_home": "{name} pays in CNY already; visitors change another currency",
    "fault_nobody": "'{name}' is nobody that can fail in this way",
    "fault_after_end": "it begins when the run is over; let it begin earlier, or raise `duration` ({duration})",
    "cut_off_outside": "the cut-off lies outside the hours: {name} is open for {hours} h; take less than that",
    "hops_sum": "the shares add up to {total} %, not to 100 %",
    "margins_start": "the first margin begins at `0 USD`, so that every size has one",
    "corridor_no_route": "no chain of banks leads through {currencies}: too few intermediaries hold accounts in two "
    "that follow one another; add some, add to one's `currencies`, or let banks pay each other directly (`hops` with a "
    "first share above 0)",
    "bank_unknown": "'{name}' is not a bank here",
    "validator_twice": "{name} is named already; a jurisdiction has one validator",
    "quorum_impossible": "more than all {count} validators can never be at work; take a share below 100 %",
    "quotes_inverted": "is below `spread_least`, which would put bid above ask",
    "consensus_order": "must not be below `consensus_shortest`",
    "lock_too_short": "must be above `consensus_shortest`, or nothing would ever be decided in time",
    "too_many_fundings": "that is {count} times; at most {limit}",
    "corridor_no_dealer": "no bank makes a market between {pays} and {gets}; add one of a jurisdiction with either "
    "currency to `shared_ledger.quotes.dealers`",
    "corridor_no_liquidity": "nobody who would have to pay {name} can ever have any and nothing is offset, so nothing "
    "could ever settle; raise `shared_ledger.liquidity`, or choose another `shared_ledger.queue.mode`",
    # A data exchange.
    "too_many_trades": "about {count} trades in all; at most {limit}",
    "too_many_anchors": "more than {limit} anchors; take a longer `anchor_every`",
    "too_many_shares": "about {count} shares would be paid out to people; at most {limit}: take a longer `pay_people` "
    "or fewer `people`",
    "metered_only": "this is for metered data: set `kind: metered`, or leave it out",
    "lasts_whole_days": "metered data lasts for whole days",
    "shares_of_price": "with the exchange's `fee`, more than the price would be given away",
    # sources.
    "source_path": "the scenario has no '{path}'",
    "preset_renamed": "the values written out beside it are those of {old}, not of {name}; take out {entries}, and "
    "{name} gives its own, or put {old} back",
    # A run folder, to be read or to be written.
    "a_run_folder": "a run folder",
    "an_experiment_folder": "the folder of an experiment",
    "none": "none",
    "not_what": "{path}: not {what}: it holds no {name}",
    "not_json_object": "{path}: not a JSON object",
    "cannot_be_read": "{path}: cannot be read: {reason}",
    "run_no_table": "{path}: this run has no table '{name}'; it has: {have}",
    "run_no_column": "{path}: no column {names}; it has: {have}",
    "run_is_a_file": "{path}: is a file, not a run folder",
    "run_no_folder": "{path}: there is no such folder",
    "run_unfinished": "{path}: not a finished run: it holds no {name}",
    "run_stopped": "{path}: not a finished run: the working folder of one that was stopped",
    "run_status": "{path}: its status is {status}, not 'complete'",
    "run_is_experiment": "{path}: an experiment of many runs, not one run; sandbox.open_experiment opens it",
    "run_format": "{path}: run format {format}; this version reads formats up to {newest}: update ecny-sandbox",
    "run_damaged": "{path}: damaged: missing {names}",
    "out_taken": "{path}: another run has taken this place; give another --out",
    "out_below_file": "{path}: {parent} is a file, not a folder",
    "out_no_text": "{path}: a name on this way is not UTF-8; give another --out",
    "out_long": "{path}: '{name}' is too long for a file's name; give a shorter --out",
    "out_no_writing": "{path}: nothing can be written in {parent}; give another --out",
    "out_is_file": "{path}: is a file; --out names a folder",
    "out_finished": "{path}: a finished run is there; give --force to replace it, or another --out",
    "out_other": "{path}: a folder that is not a finished run is there and is left alone; give another --out",
    "out_in_use": "{path}: cannot be replaced, for it is in use as a folder; name a new folder inside it",
    "no_trace": "there is no file '{name}' (looked in {folder})",
}


def text(code: str, **values: object) -> str:
    """The sentence for `code` with its values filled in.

    >>> text("unknown_key", key="walets")
    "'walets' is not a parameter"
    """
    return ENGLISH[code].format(**values)


def few_digits(value: str) -> str:
    """A value as people read it: fractions of more than four digits are rounded to four that count.

    >>> few_digits("44.07713498622589 %"), few_digits("2000.5 CNY"), few_digits("[0.3333333, 0.0000012345]")
    ('44.08 %', '2000.5 CNY', '[0.3333, 0.000001234]')
    """
    return _LONG_FRACTION.sub(lambda found: plain(float(found[0]), 4).replace(",", ""), value)


def plain(value: float, digits: int = 3) -> str:
    """A number with so many digits that count, written out: people read no exponents.

    >>> plain(0.00001234), plain(999.9), plain(1234567.0), plain(-0.5), plain(1e12, 2)
    ('0.0000123', '1,000', '1,230,000', '-0.5', '1,000,000,000,000')
    """
    if not math.isfinite(value):
        return "-"
    words = f"{Decimal(f'{value:.{digits}g}'):,f}"
    return words.rstrip("0").rstrip(".") if "." in words else words
