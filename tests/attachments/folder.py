"""A dossier, and shortcuts to bring files into it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from kedang.customers import selectors
from kedang.customers.attachments.payloads import DetachFile, ViewFile
from kedang.customers.models import Attachment, Dossier
from kedang.governance.attaching import Brought, Wishes, attach
from kedang.governance.gate import perform
from kedang.governance.models import Call
from tests.world import World


@dataclass
class Folder:
    """One dossier and what people do with its files."""

    world: World
    code: str

    @property
    def ref(self) -> str:
        return f"dossier:{self.code}"

    def seen(self, by: str = "clerk") -> Dossier:
        return selectors.dossier_by_code(self.world.actor(by), self.code)

    def bring(
        self, content: bytes, name: str = "a.png", by: str = "clerk", key: str | None = None, **wishes: Any
    ) -> Brought:  # fmt: skip
        wishes = {"kind": "营业执照", **wishes}
        return attach(self.world.actor(by), self.ref, io.BytesIO(content), name, Wishes(**wishes), key=key)

    def attached(self, content: bytes, name: str = "a.png", **more: Any) -> Attachment:
        call = self.bring(content, name, **more).call
        return Attachment.objects.select_related("blob").get(pk=call.outcome["file"])

    def view(self, file: int, by: str = "clerk", reason: str = "", **more: Any) -> Call:
        payload = ViewFile(file=file, **more)
        return perform("file.view", by=self.world.actor(by), subject=self.ref, payload=payload, reason=reason)

    def detach(self, file: int, by: str = "clerk", reason: str = "附错了文件") -> Call:
        return perform(
            "file.detach", by=self.world.actor(by), subject=self.ref, payload=DetachFile(file=file), reason=reason
        )
