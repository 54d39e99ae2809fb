"""A process that loads one delivery and says how much memory it held at most, in MiB."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from pathlib import Path

from dmp.bootstrap.claims_intake import Load, load
from dmp.bootstrap.house import built
from dmp.settings import Settings


async def once(dsn: str, data: Path, files: Path) -> None:
    settings = replace(Settings(), database_url=dsn, data=data, test_mode=True)
    async with built(settings) as house:
        await load(house.house, Load(paths=(files,), data=data))


def main() -> None:
    asyncio.run(once(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])))
    # Not getrusage: what the parent held before the process began counts there.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    print(int(status.partition("VmHWM:")[2].split()[0]) / 1024)


if __name__ == "__main__":
    main()
