"""Write docs/pack.schema.json, the JSON Schema of a policy pack for editors; a test says when it is out of date."""

from __future__ import annotations

import json
from pathlib import Path

from kedang.packs.schema import json_schema

PAGE = Path(__file__).resolve().parent.parent / "docs" / "pack.schema.json"

if __name__ == "__main__":
    PAGE.write_text(json.dumps(json_schema(), ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
