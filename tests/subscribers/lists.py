"""Lists for tests: made-up people at example.org, in the columns of each system."""

import io
import zipfile
from pathlib import Path

from subscribers.importing import bringing
from subscribers.importing.lines import Options
from subscribers.importing.table import Outcome, Reconciliation

MAILCHIMP = "Email Address,First Name,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LEID,EUID,NOTES,TAGS"
SUBSCRIBED = f"""{MAILCHIMP}
ann@example.org,Ann,2,"2021-05-04 10:00:00",203.0.113.7,"2021-05-04 10:05:00",203.0.113.7,1,a1,,\"""friend"",""early""\"
Ann@Example.org,Ann,2,"2021-05-04 10:00:00",203.0.113.7,"2021-05-04 10:05:00",203.0.113.7,2,a2,,
ben@example.org,Ben,2,,,,,3,a3,,
cat@example.org,Cat,2,,,"2021-05-04 10:05:00",,4,a4,,
not an address,Dan,2,,,"2021-05-04 10:05:00",,5,a5,,
admin@example.org,,2,,,"2021-05-04 10:05:00",,6,a6,,
"""
UNSUBSCRIBED = f"""{MAILCHIMP},UNSUB_TIME,UNSUB_CAMPAIGN_TITLE,UNSUB_CAMPAIGN_ID,UNSUB_REASON,UNSUB_REASON_OTHER
cat@example.org,Cat,2,,,"2021-05-04 10:05:00",,4,a4,,,"2022-01-01 00:00:00",=Spring,77,,
eve@example.org,Eve,2,,,"2021-05-04 10:05:00",,7,a7,,,"2022-01-01 00:00:00",=Spring,77,Abuse complaint,"I am Eve"
"""
CLEANED = f"""{MAILCHIMP},CLEAN_TIME,CLEAN_CAMPAIGN_TITLE,CLEAN_CAMPAIGN_ID
fay@example.org,Fay,2,,,"2021-05-04 10:05:00",,8,a8,,,"2022-01-01 00:00:00",=Spring,77
"""


def write(folder: Path, **files: str) -> list[Path]:
    """Write files of these names, without their `.csv`, and return their paths."""
    paths = [folder / f"{name}.csv" for name in files]
    for path, text in zip(paths, files.values(), strict=True):
        path.write_text(text, encoding="utf-8")
    return paths


def zipped(folder: Path, *members: tuple[str | zipfile.ZipInfo, str], name: str = "list.zip") -> Path:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, text in members:
            archive.writestr(member, text)
    path = folder / name
    path.write_bytes(file.getvalue())
    return path


def bring(*paths: Path, dry_run: bool = False, kind: str = "", consent: str = "") -> Reconciliation:
    return bringing.bring(paths, Options(kind, consent), dry_run=dry_run)


def counted(table: Reconciliation) -> dict[Outcome, int]:
    """Return what the table counts, without the zeros."""
    return {outcome: number for outcome, number in table.counts.items() if number}
