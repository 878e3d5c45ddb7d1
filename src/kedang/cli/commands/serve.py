"""`kedang serve`: web server and background worker in one command."""

from __future__ import annotations

import os
import socket

import click
from django.utils.translation import gettext as _

from kedang.cli import site, supervising
from kedang.cli.answering import note
from kedang.cli.failing import Failed


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="The port to listen on.")
@click.option("--workers", default=min(2, os.cpu_count() or 1), show_default=True, type=click.IntRange(1, 64),
              help="Processes that answer requests.")  # fmt: skip
def command(host: str, port: int, workers: int) -> int:
    """Serve the site until stopped; host names it answers to are set by KEDANG_ALLOWED_HOSTS."""
    site.require_ready()
    if not is_free(host, port):
        raise Failed("port_taken", _("Another program listens on port %(port)s already.") % {"port": port})
    note(_("Serving at %(url)s; stop with Ctrl-C.") % {"url": url_of(host, port)})
    return supervising.serve(host, port, workers)


def is_free(host: str, port: int) -> bool:
    """Whether one could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError:
            return False
    return True


def url_of(host: str, port: int) -> str:
    """The address a browser on this machine opens."""
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 - compared, not listened on
    return f"http://[{shown}]:{port}/" if ":" in shown else f"http://{shown}:{port}/"
