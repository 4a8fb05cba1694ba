#!/usr/bin/env python3
"""Lets many files come into a watched folder, and looks whether each has the rows that it should.

    watch.py KIZUMI MODEL IMAGES [COUNT] [SEED]

Files are copies of those below IMAGES; they come in bursts, some slowly, some replaced, some broken, some in
subfolders. In the middle the program is killed and started again. Prints what was found, the most memory and the
share of a core that it took while nothing came, and ends with 1 where a row is missing, too many or wrong.
"""
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ENDINGS = {".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp"}
IDLE_SECS = 30
PATIENCE_SECS = 600


class Watcher:
    """The program, and how to end it."""

    def __init__(self, program, model, folder, out):
        self.command = [program, "watch", folder, "--out", out, "--model", model, "--device", "cpu", "--copy", "none", "-q"]
        self.most_kib = 0
        self.start()

    def start(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL)

    def status(self):
        if self.process.poll() is not None:
            sys.exit(f"watch.py: the program ended with {self.process.returncode}")
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        peak = next((line for line in lines if line.startswith("VmRSS")), "VmRSS: 0 kB")
        now = int(peak.split()[1])
        self.most_kib = max(self.most_kib, now)
        return now

    def cpu_secs(self):
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def kill(self):
        self.process.kill()
        self.process.wait()

    def end(self):
        self.process.terminate()
        return self.process.wait(timeout=PATIENCE_SECS)


def rows_of(out):
    """The rows, read as whoever follows them would: whole lines alone."""
    try:
        lines = (out / "results.jsonl").read_text().split("\n")[:-1]
    except FileNotFoundError:
        return []
    return [json.loads(line) for line in lines]


def served(slow, out, expected):
    """Writes what is due: the second half of a slow file, and a replaced one anew once it was inspected."""
    inspected = {Path(row["path"]).name for row in rows_of(out)}
    still = []
    for path, content, due in slow:
        if due is None and path.name in inspected:
            expected[path.name, True] += 1
            path.write_bytes(content)
        elif due is not None and time.monotonic() >= due:
            with path.open("ab") as file:
                file.write(content[len(content) // 2 :])
        else:
            still.append((path, content, due))
    return still


def main():
    program, model, images = (str(Path(path).resolve()) for path in sys.argv[1:4])
    count = int(sys.argv[4]) if len(sys.argv) > 4 else 10_000
    chance = random.Random(int(sys.argv[5]) if len(sys.argv) > 5 else 0)
    sources = sorted(path for path in Path(images).rglob("*") if path.suffix.lower() in ENDINGS)
    contents = [(path.suffix, path.read_bytes()) for path in sources[:200]]
    with tempfile.TemporaryDirectory() as work:
        folder, out = Path(work, "in"), Path(work, "out")
        folder.mkdir()
        watcher = Watcher(program, model, str(folder), str(out))
        expected, slow, kinds = Counter(), [], Counter()
        first_quarter_kib = None
        killed = False
        number = 0
        while number < count:
            for _ in range(min(chance.randint(1, 400), count - number)):
                number += 1
                suffix, content = chance.choice(contents)
                below = folder / chance.choice(["", "", "line 1", "ライン2"])
                below.mkdir(exist_ok=True)
                path = below / f"{number:05}{suffix}"
                kind = chance.choices(["whole", "slow", "replaced", "broken"], [90, 3, 5, 2])[0]
                kinds[kind] += 1
                if kind == "slow":
                    path.write_bytes(content[: len(content) // 2])
                    slow.append((path, content, time.monotonic() + chance.uniform(0.2, 3)))
                    expected[path.name, True] += 1
                elif kind == "broken":
                    path.write_bytes(content[: len(content) // 3])
                    expected[path.name, False] += 1
                else:
                    path.write_bytes(content)
                    expected[path.name, True] += 1
                    if kind == "replaced":
                        slow.append((path, chance.choice(contents)[1], None))
            slow = served(slow, out, expected)
            watcher.status()
            if number >= count // 2 and not killed:
                killed = True
                while len(rows_of(out)) < 10:
                    slow = served(slow, out, expected)
                    time.sleep(0.1)
                watcher.kill()
                watcher.start()
            if number >= count // 4 and first_quarter_kib is None:
                first_quarter_kib = watcher.most_kib
            # The bursts do not run away from the program.
            while number - len(rows_of(out)) > 800:
                slow = served(slow, out, expected)
                watcher.status()
                time.sleep(0.2)
            time.sleep(chance.uniform(0, 0.5))
        while any(due is not None for _, _, due in slow):
            slow = served(slow, out, expected)
            time.sleep(0.1)
        until = time.monotonic() + PATIENCE_SECS
        while len(rows_of(out)) < expected.total() and time.monotonic() < until:
            watcher.status()
            time.sleep(0.5)
        before = watcher.cpu_secs()
        time.sleep(IDLE_SECS)
        idle = (watcher.cpu_secs() - before) / IDLE_SECS
        last_kib = watcher.status()
        status = watcher.end()
        rows = rows_of(out)
        found = Counter((Path(row["path"]).name, row["error"] is None and row["projected_score"] is not None) for row in rows)
        table = (out / "results.csv").read_text(encoding="utf-8").count("\n") - 1
        wrong = {key: (expected[key], found[key]) for key in expected | found if expected[key] != found[key]}
        print(f"{number} files ({dict(kinds)}), {len(rows)} rows, {table} in the table, {len(wrong)} files with wrong rows")
        print(f"memory {first_quarter_kib >> 10} MiB in the first quarter, {watcher.most_kib >> 10} MiB at most, {last_kib >> 10} MiB in the end")
        print(f"{100 * idle:.1f} % of a core while nothing came; ended with {status}")
        for key, (wanted, got) in list(wrong.items())[:10]:
            print(f"  {key}: {got} instead of {wanted}")
        sys.exit(bool(wrong or table != len(rows) or status != 0))


if __name__ == "__main__":
    main()
