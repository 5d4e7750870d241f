"""red-dwarf on the votes of a file; run by an interpreter that has it, never by the project's own.

`PYTHON bench/_red_dwarf.py FILE.npz` prints its CPU seconds, its number of groups and its greatest memory.
"""

import json
import sys
import time
import warnings
from pathlib import Path

import numpy as np

warnings.simplefilter("ignore")
from reddwarf.implementations.base import run_pipeline  # type: ignore[import-not-found]  # noqa: E402


def main(file: str) -> None:
    held = np.load(file)
    columns = zip(
        held["participants"].tolist(), held["statements"].tolist(), held["choices"].tolist(), strict=True
    )
    votes = [
        {"participant_id": who, "statement_id": what, "vote": choice, "modified": 0}
        for who, what, choice in columns
    ]
    start = time.process_time()
    made = run_pipeline(votes=votes, mod_out_statement_ids=held["left_out"].tolist(), random_state=1)
    cpu = time.process_time() - start
    frame = made.participants_df
    groups = int(frame["cluster_id"].nunique()) if "cluster_id" in frame else None
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    memory = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))
    print(json.dumps({"cpu_seconds": round(cpu, 2), "k": groups, "greatest_memory": memory}))


if __name__ == "__main__":
    main(sys.argv[1])
