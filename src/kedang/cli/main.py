"""The program `kedang`: it loads only the command that was asked for, and Django only for that."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module

import click
import django
import orjson
from django.apps import apps
from django.utils import translation

VERBS = {
    "init": "Found a new site: databases, first regulation, first account.",
    "demo": "A sample company, ready to sign in to.",
    "serve": "Web server and background worker in one command.",
    "worker": "The background worker alone.",
    "import": "Take customers in from a file.",
    "import-show": "How an import stands.",
    "import-undo": "Take an import back.",
    "search": "Find customers by name, code, pinyin or the end of a telephone number.",
    "show": "One dossier, masked as that user sees it.",
    "todo": "What waits for a person, and what they wait for.",
    "do": "Any operation by its name.",
    "request": "Requests that wait for signatures.",
    "compliance": "How every article of the regulation is kept, with the evidence.",
    "measure": "What is counted and scored, and which sanctions that leads to.",
    "duty": "What has to be done by when, and who is late.",
    "register": "The company's registers and their rows.",
    "ledger": "Verify, export or check the record of deeds.",
    "doctor": "What is well and what is not with this site.",
    "token": "Tokens for the API.",
    "user": "Units, accounts, roles and passwords.",
    "pack": "The regulations this site knows.",
}
HELP = {"-h", "--help"}
WRONG_USAGE = 2


class Verbs(click.Group):
    """The commands by name; their modules are imported when one is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All verbs, in the order a newcomer needs them."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a verb, with Django ready; None when there is no such verb."""
        if cmd_name not in VERBS:
            return None
        _set_up()
        module = import_module(f"kedang.cli.commands.{_module_of(cmd_name)}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of verbs, without loading any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))


@click.command(cls=Verbs, context_settings={"help_option_names": sorted(HELP), "max_content_width": 100})
@click.version_option(package_name="kedang")
def program() -> None:
    """Kedang 客档: customer records under the company's own regulation.

    Exit codes: 0 done or waiting for a signature, 1 refused or failed with a one-line reason, 2 wrong
    usage. With --json exactly one JSON object goes to the standard output.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry of the console script."""
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code; nothing is raised but SystemExit."""
    code = _run(arguments)
    if code != WRONG_USAGE and not HELP & set(arguments):
        _settle()
    return code


def _run(arguments: Sequence[str]) -> int:
    try:
        answer = program.main(args=list(arguments), prog_name="kedang", standalone_mode=False)
    except click.UsageError as wrong:
        wrong.show()
        return WRONG_USAGE
    except click.Abort:
        click.echo("kedang: interrupted", err=True)
        return 1
    except Exception as error:
        return _fail(error, "--json" in arguments)
    return answer if isinstance(answer, int) else 0


def _settle() -> None:
    """Seal what the command and its looks left in the ledger, where no worker does."""
    if apps.ready:
        import_module("kedang.governance.housekeeping").settle()


def _set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kedang.config.settings")
    django.setup()
    translation.activate(_language())


def _language() -> str:
    """The language of the terminal, English where it names none of ours."""
    wanted = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    return "zh-hans" if wanted.startswith("zh") else "en"


def _module_of(verb: str) -> str:
    return "import_" if verb == "import" else verb.replace("-", "_")


def _fail(error: Exception, as_json: bool) -> int:
    if not apps.ready:  # the settings themselves are wrong
        click.echo(f"kedang: setting: {error}", err=True)
        return 1
    failure = import_module("kedang.cli.failing").failure_of(error)
    click.echo(f"kedang: {failure.line}", err=True)
    if as_json:
        click.echo(orjson.dumps(failure.as_json()).decode())
    return 1


if __name__ == "__main__":
    main()
