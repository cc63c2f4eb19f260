"""A page in one of the outputs that have a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, get_args

from declutter.errors import InputError, shown

if TYPE_CHECKING:
    from declutter.page import Page
    from declutter.render.html import Scope

__all__ = ["OUTPUTS", "SCHEMA", "Output", "check_output", "render"]

Output = Literal["text", "markdown", "html", "json"]

OUTPUTS: Final[tuple[Output, ...]] = get_args(Output)
"""The names of the outputs."""

SCHEMA: Final = 1
"""The version of the form of JSON records, their first key: of pages and of pages that failed.

Raised when a program that reads them would have to be changed: a key goes or has another name, or what it holds has another
type, unit, range or meaning; a label more or less is one. A further key does not raise it. `docs/page.schema.json` and
`docs/failure.schema.json` describe the form, and change with it.
"""


def render(
    page: Page, output: str, *, headline: bool = True, scope: Scope = "content", inert: bool | None = None
) -> str:
    """A page in one of the outputs.

    Args:
        page: the page.
        output: one of OUTPUTS.
        headline: False leaves out the main headline.
        scope: of HTML, as for `Page.html`.
        inert: of HTML, as for `Page.html`.

    Raises:
        InputError: the output is not known, or has not the scope.
    """
    check_output(output, scope, inert)
    if output == "html":
        return page.html(scope, inert=inert, headline=headline)
    if output == "json":
        from declutter.render.record import page_json  # noqa: PLC0415 - costs start-up time

        return page_json(page, headline=headline)
    return page.text(headline=headline) if output == "text" else page.markdown(headline=headline)


def check_output(output: str, scope: str, inert: bool | None) -> None:
    """Say before the work what cannot be given.

    Raises:
        InputError: the output is not known, or the others are for HTML alone.
    """
    if output not in OUTPUTS:
        raise InputError(f"output {shown(output)} is not known: give {', '.join(OUTPUTS)}")
    if output != "html" and (scope != "content" or inert is not None):
        raise InputError(
            f"scope and inert say how HTML is to be: leave them out, or give output='html', not {shown(output)}"
        )
