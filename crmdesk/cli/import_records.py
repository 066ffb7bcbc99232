"""`crmdesk import FILE --as orders`: what happened with customers, out of a file."""

from __future__ import annotations

import argparse
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from crmdesk.cli.opening import load_settings, open_store_of
from crmdesk.cli.plan_file import plan_writer
from crmdesk.domain.errors import UserFacingError

if TYPE_CHECKING:
    from crmdesk.cli.progress import Reporter

Object = dict[str, Any]


def import_records_of(options: argparse.Namespace, reporter: Reporter) -> Object:
    """Runs the import, or plans it; see `crmdesk import --help`."""
    from crmdesk.cli.import_ import bad_rows, desk_region
    from crmdesk.desk.follow_ups.own_zone import OWN_ZONE
    from crmdesk.sync.planning.json_form import facts_to_json, row_to_json, summary_to_json
    from crmdesk.sync.records.importing import RecordOrder, import_records
    from crmdesk.sync.records.kinds import RecordKind
    from crmdesk.sync.sources import open_source

    _refuse_profiles(options)
    began = time.monotonic()
    settings = load_settings(options)
    region, area_code = desk_region(settings)
    with ExitStack() as stack:
        source = stack.enter_context(
            open_source(options.file, dict(options.option), reporter.progress)
        )
        store = stack.enter_context(open_store_of(options))
        order = RecordOrder(
            source,
            RecordKind(options.kind),
            dict(options.map),
            (options.source_name or "").strip(),
            OWN_ZONE,
            f"Import of {options.file.name} ({options.kind.replace('_', ' ')})",
            settings.agent.name or settings.agent.extension,
            options.region or region,
            area_code,
            is_dry=options.dry_run,
            bad=bad_rows(stack, options, source),
            each_row=plan_writer(stack, options.plan),
        )
        result = import_records(store, order, reporter.progress)
        facts = facts_to_json(source.facts, result.cells)
    seconds = time.monotonic() - began
    return {
        "dry_run": options.dry_run,
        "file": str(options.file),
        "as": options.kind,
        "source": facts,
        **summary_to_json(result.summary),
        "seconds": round(seconds, 1),
        "rate": round(result.summary.records / seconds) if seconds else 0,
        "rows": [row_to_json(row) for row in result.rows],
    }


def _refuse_profiles(options: argparse.Namespace) -> None:
    if options.profile or options.save_profile:
        raise UserFacingError(
            "Profiles are for customers.",
            "Nothing was imported.",
            "Give the columns of records with --map, e.g. --map Total=total_cents.",
        )
