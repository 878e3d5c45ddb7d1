"""What kinds of control and numbers of evidence are called, as English sources."""

from __future__ import annotations

from kedang.kernel.i18n import N_

KINDS = {
    "enforced": N_("enforced"),
    "monitored": N_("monitored"),
    "attested": N_("attested"),
    "observed": N_("observed"),
}
NUMBERS = {
    "samples": N_("samples asked"),
    "samples_caught": N_("samples caught"),
    "done": N_("deeds done"),
    "refused": N_("deeds refused"),
    "waiting": N_("requests waiting"),
    "due": N_("limits due"),
    "kept": N_("limits kept"),
    "late": N_("done late"),
    "missed": N_("missed"),
    "running": N_("still running"),
    "unknown": N_("calendar of the year not announced"),
    "rows": N_("rows in registers"),
    "signed": N_("undertakings signed"),
    "lapsed": N_("undertakings lapsed"),
    "posts_held": N_("posts held"),
    "posts_wrong": N_("posts to be put right"),
    "looked_at": N_("looked at"),
    "wrong": N_("found wrong"),
    "looks": N_("looks on record"),
    "editions": N_("editions"),
    "dossiers": N_("dossiers"),
}
