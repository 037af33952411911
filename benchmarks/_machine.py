"""The machine a benchmark ran on, so that its figures mean something."""

from __future__ import annotations

import os
import platform
from pathlib import Path


def machine() -> dict[str, object]:
    """Processor, cores, memory in GB, Python, and how busy it was."""
    told = Path("/proc/cpuinfo")
    names = (
        [line.split(":")[1] for line in told.read_text().splitlines() if "model name" in line] if told.exists() else []
    )
    return {
        "processor": names[0].strip() if names else platform.processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1),
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 2),
    }
