"""What was chosen on the pages, as flags of the command line; what is as usual is left unsaid."""

from __future__ import annotations

from core.data.schema import Cleaning, ReadOptions, Schema
from core.plan import EncoderChoice, Plan, Search, TargetAs, Validation


def of_reading(options: ReadOptions) -> list[str]:
    """How a file was read by choice; what was found out is left unsaid.

    Examples
    --------
    >>> of_reading(ReadOptions(sheet="Q1", header_rows=[3, 4], first_row=6))
    ['--sheet', 'Q1', '--header', '3,4', '--first-row', '6']
    """
    delimiters = {"\t": "tab", "": "none"}
    delimited = options.delimiter is not None
    said = {
        "--sheet": options.sheet,
        "--header": _header(options),
        "--first-row": 1 if options.header_rows == [] and options.first_row is None else options.first_row,
        "--last-row": options.last_row,
        "--encoding": options.encoding,
        "--delimiter": delimiters.get(options.delimiter or "", options.delimiter) if delimited else None,
        "--quote": "none" if options.quote == "" else options.quote,
        "--objects": options.objects,
        "--documents": options.documents.replace(" ", "-") if options.documents else None,
        "--lines": options.lines_each if options.documents == "paragraphs" else None,
        "--marker": options.marker if options.documents == "marker" else None,
    }
    out = [part for name, value in said.items() if value is not None for part in (name, str(value))]
    out += [] if options.skip_bad_lines else ["--refuse-bad-lines"]
    return out + [part for name in options.one_spelling for part in ("--merge-spellings", name)]


def _header(options: ReadOptions) -> str | None:
    if options.header_rows:
        return ",".join(map(str, options.header_rows))
    if options.header_rows == [] or options.header is False:
        return "none"
    return "yes" if options.header else None


def of_table(schema: Schema, cleaning: Cleaning | None) -> list[str]:
    """What was done to the table on the Data page: roles that differ from the guess, duplicates set aside."""
    out = []
    for column in schema.columns:
        if column.role not in {column.guessed, "target"} and column.guessed != "target":
            out += ["--role", f"{column.name}={column.role}"]
    if cleaning is not None:
        out += ["--set-aside", "near" if cleaning.near_too else "exact"]
        out += ["--alike", f"{cleaning.similarity:g}"] if cleaning.near_too else []
    return out


def of_target(how: TargetAs) -> list[str]:
    """What is done to the target's cells; what is as usual is left unsaid.

    Examples
    --------
    >>> of_target(TargetAs(way="bins", edges=[10, 50]))
    ['--target-as', 'bins:10.0,50.0']
    """
    borders = ",".join(map(repr, how.edges)) + ("," if len(how.edges) == 1 else "")  # one border is no number of ranges
    ways = {"log": "log", "bins": f"bins:{borders or how.bins}", "label": f"label:{how.label}"}
    out = ["--target-as", ways[how.way]] if how.way else []
    if how.rare:
        out += ["--rare", f"merge:{how.other}" if how.rare == "merge" else "drop"]
        out += ["--rare-below", str(how.rare_below)] if how.rare_below != TargetAs().rare_below else []
    return out


def masks(schema: Schema) -> list[str]:
    """The columns whose personal data pseudonyms stand for."""
    return [part for column in schema.columns if column.masked for part in ("--mask", column.name)]


def suffice(plan: Plan) -> bool:
    """Whether the command line has a flag for everything this plan says."""
    validation = plan.validation
    return (
        all(choice == EncoderChoice() for choice in plan.encoders.values())
        and not (plan.roles or plan.model_settings or plan.balanced or plan.learning_curve)
        and not any("=" in name for name in [*plan.descriptions, *plan.column_descriptions])
        and not any("=" in rule.label or set(",，") & set("".join(rule.words)) for rule in plan.rules)
        and plan.bundles
        and validation.kind != "test_file"
        and validation.stratify
        and validation.repeats == 1
        and plan.search.budget_seconds is None
    )


def of_plan(plan: Plan) -> list[str]:
    """A plan as flags; what is as usual is left unsaid."""
    out = ["--candidates", ",".join(plan.candidates), *of_target(plan.target_as)]
    validation, usual = plan.validation, Validation()
    if validation.kind == "holdout":
        out += ["--holdout", f"{validation.fraction:g}"]
    elif validation.folds != usual.folds:
        out += ["--folds", str(validation.folds)]
    for name, values in (("--drop", plan.drop), ("--keep", plan.keep), ("--mask", plan.mask)):
        for value in values:
            out += [name, value]
    out += [part for label, words in plan.descriptions.items() for part in ("--describe", f"{label}={words}")]
    for column, words in plan.column_descriptions.items():
        out += ["--describe-column", f"{column}={words}"]
    for rule in plan.rules:
        out += ["--rule", f"{rule.label}={', '.join(rule.words)}"]
    out += [part for question in plan.questions for part in ("--question", question)]
    single = {
        "--provider": plan.language_model or None,
        "--group": validation.group,
        "--time": validation.time,
        "--rows": plan.rows,
        "--trials": plan.search.trials if plan.search != Search() else None,
        "--seed": plan.seed or None,
        "--budget": plan.budget_seconds,
    }
    for name, setting in single.items():
        if setting is not None:
            out += [name, f"{setting:g}" if isinstance(setting, float) else str(setting)]
    return out
