"""``make sbom`` and ``make audit``: what Amalgam brings along for use, as a list, and what is known against it.

For use is what ``requirements.txt`` and ``requirements-models.txt`` name and what that needs in turn; tests and tools
are not. The tools that write and look up lists are in an environment of their own, ``build/audit``.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement

ROOT = Path(__file__).parent.parent
TOOLS = ROOT / "build" / "audit" / "bin"
SBOM = ROOT / "build" / "sbom.json"
NAMED = ("requirements.txt", "requirements-models.txt")
LOOK_UP_SECONDS = 600
VALIDATED = """
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
wrong = JsonStrictValidator(SchemaVersion.V1_6).validate_str(open(sys.argv[1]).read())
sys.exit(wrong and str(wrong))
"""


def canonical(name: str) -> str:
    """``Foo.Bar_baz`` → ``foo-bar-baz``, as packages are compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


def required(text: str) -> list[Requirement]:
    """The requirements of a file, without its remarks."""
    lines = (line.split("#")[0].strip() for line in text.splitlines())
    return [Requirement(line) for line in lines if line]


def for_use() -> dict[str, str]:
    """What is installed for use.  →  name → version"""
    waiting = [one for name in NAMED for one in required((ROOT / name).read_text(encoding="utf-8"))]
    found: dict[str, str] = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        wanted = waiting.pop()
        name, extras = canonical(wanted.name), frozenset(wanted.extras)
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        try:
            held = distribution(wanted.name)
        except PackageNotFoundError:  # of another system, or left out on purpose
            continue
        found[name] = held.version
        waiting += [one for one in _needed(held.requires or []) if _applies(one, extras)]
    return dict(sorted(found.items()))


def _needed(lines: list[str]) -> list[Requirement]:
    found = []
    for line in lines:
        try:
            found.append(Requirement(line))
        except InvalidRequirement:
            continue
    return found


def _applies(wanted: Requirement, extras: frozenset[str]) -> bool:
    return wanted.marker is None or any(wanted.marker.evaluate({"extra": extra}) for extra in ("", *extras))


def narrowed(bom: dict[str, Any], names: set[str]) -> dict[str, Any]:
    """A CycloneDX document with these components alone, and what they need of each other."""
    components = [one for one in bom.get("components", []) if canonical(one["name"]) in names]
    kept = {one["bom-ref"] for one in components} | {bom["metadata"]["component"]["bom-ref"]}
    dependencies = [
        one | ({"dependsOn": [ref for ref in one["dependsOn"] if ref in kept]} if "dependsOn" in one else {})
        for one in bom.get("dependencies", [])
        if one["ref"] in kept
    ]
    return bom | {"components": components, "dependencies": dependencies}


def sbom() -> int:
    """Write the list.  →  0 if it is whole and as CycloneDX wants it"""
    packages = for_use()
    told = subprocess.run(
        [
            TOOLS / "cyclonedx-py",
            "environment",
            "--pyproject",
            "pyproject.toml",
            "--output-reproducible",
            sys.executable,
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    document = narrowed(json.loads(told), set(packages))
    missing = set(packages) - {canonical(one["name"]) for one in document["components"]}
    SBOM.write_text(json.dumps(document, indent=1), encoding="utf-8")
    wrong = subprocess.run([TOOLS / "python", "-c", VALIDATED, SBOM], check=False).returncode
    print(f"{SBOM.relative_to(ROOT)}: {len(document['components'])} packages, CycloneDX {document['specVersion']}")
    if missing:
        print(f"Not in it: {', '.join(sorted(missing))}", file=sys.stderr)
    return int(bool(wrong or missing))


def summed_up(told: dict[str, Any] | None, n_packages: int) -> tuple[str, int]:
    """What pip-audit found, in words.  →  the sentences; 1 if something is known against a package

    Parameters
    ----------
    told : dict or None
        Its JSON; None: it did not come to an end.
    """
    packages = told["dependencies"] if told else []
    against = [f"{one['name']} {one['version']}: {', '.join(bug['id'] for bug in one['vulns'])}"
               for one in packages if one.get("vulns")]  # fmt: skip
    unchecked = n_packages - sum("skip_reason" not in one for one in packages)
    if unchecked == n_packages:
        return (
            f"Nothing is known: no data on weaknesses can be reached from here; {n_packages} packages not checked.",
            0,
        )
    counted = (
        f"{n_packages - unchecked} packages checked, {unchecked} not checked, {len(against)} with known weaknesses."
    )
    return "\n".join([counted, *against]), int(bool(against))


def audit() -> int:
    """Look up what is known against what is installed for use.  →  1 if there is something"""
    packages = for_use()
    listed = TOOLS.parent / "for-use.txt"
    listed.write_text("".join(f"{name}=={found.split('+')[0]}\n" for name, found in packages.items()), encoding="utf-8")
    command = [
        TOOLS / "pip-audit",
        "-r",
        listed,
        "--no-deps",
        "--disable-pip",
        "-f",
        "json",
        "--progress-spinner",
        "off",
    ]
    try:
        said = subprocess.run(command, capture_output=True, text=True, timeout=LOOK_UP_SECONDS, check=False).stdout
        told = json.loads(said)
    except (subprocess.TimeoutExpired, ValueError):
        told = None
    sentences, code = summed_up(told, len(packages))
    print(sentences)
    return code


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="scripts.installed", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("what", choices=("sbom", "audit"))
    sys.exit({"sbom": sbom, "audit": audit}[parser.parse_args().what]())
