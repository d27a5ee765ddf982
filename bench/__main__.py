"""`python -m bench [NAME]`: all benchmarks, or the one that prints the figure NAME.

Each runs in a process of its own, on a database of its own.
"""

import os
import subprocess
import sys
import tempfile
from fnmatch import fnmatch
from pathlib import Path

from cryptography.fernet import Fernet

from bench import stage

# The figures each module prints. A module may print several.
MODULES = {
    "bench.accept": ("accept_vs_bare_django",),
    "bench.road": ("road_messages_per_second",),
    "bench.comment_to_queue": ("comment_to_queue_p95_seconds",),
    "bench.hot_post": ("hot_post_*",),
    "bench.queue_page": ("queue_page_100k_p95_ms",),
    "bench.load_400": ("load_400_*",),
    "bench.memory": ("web_rss_mb", "worker_rss_mb"),
    "bench.streams": ("streams_400_p95_ms", "streams_400_cpu_share"),
    "bench.registry_import": (
        "registry_import_10k_seconds",
        "registry_import_check_10k_seconds",
        "registry_import_again_10k_seconds",
        "registry_import_peak_mb",
    ),
    "bench.triage_starter": ("triage_starter_*",),
    "bench.triage_learned": ("triage_perm_*", "triage_kursk_*", "triage_ryazan_*", "triage_mean_*"),
    "bench.triage_pipeline": (
        "triage_messages_per_second",
        "triage_short_messages_per_second",
        "triage_single_ms",
        "triage_rss_mb",
        "triage_stage_*",
    ),
    "bench.split": ("split_*",),
    "bench.urgency": ("urgency_*",),
    "bench.registry_search": ("registry_search_*",),
    "bench.place": ("place_*",),
    "bench.mask": ("mask_recall", "mask_precision", "mask_us_per_300_characters"),
    "bench.kind": ("kind_accuracy", "kind_requests_turned_away", "kind_toxic_questions_kept"),
    "bench.duplicates": ("duplicates_*",),
    "bench.answer_check": ("answer_check_*",),
    "bench.deadline": ("deadline_*",),
    "bench.export_incidents": ("export_100k_*", "import_100k_*"),
    "bench.passport_sweep": ("passport_sweep_7000_minutes",),
}


def main(only: str) -> int:
    chosen = [
        module for module, names in MODULES.items() if not only or any(fnmatch(only, name) for name in names)
    ]
    if not chosen:
        print(
            f"no such figure: {only}; there are {', '.join(sorted(sum(MODULES.values(), ())))}",
            file=sys.stderr,
        )
        return 2
    os.environ.setdefault("OTKLIK_SECRET_KEY", "only-for-benchmarks-" + "0" * 40)
    os.environ.setdefault("OTKLIK_FIELD_KEY", Fernet.generate_key().decode())
    failed = 0
    with tempfile.TemporaryDirectory(prefix="otklik-bench-", dir="/tmp") as home:
        Path(home).chmod(0o755)
        with stage.server(Path(home)) as make_database:
            for module in chosen:
                env = os.environ | {"DATABASE_URL": make_database(module.rpartition(".")[2])}
                failed += subprocess.run([sys.executable, "-m", module], env=env, check=False).returncode != 0
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("ONLY", "")))
