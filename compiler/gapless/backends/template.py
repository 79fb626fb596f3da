"""Sets type: a view of strings and a template lying beside the backend become the text of a file."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment


def render(package: str, template: str, view: object) -> str:
    """The text of `template`, a file in the folder of `package`, which knows the view as `view`.

    What the template asks of the view must be there. Nothing is escaped: the view is.
    """
    return _environment(package).get_template(template).render(view=view)


def beside(package: str, name: str) -> str:
    """The text of `name`, a file in the folder of `package`, as it is."""
    return resources.files(package).joinpath(name).read_text(encoding="utf-8")


@lru_cache
def _environment(package: str) -> Environment:
    """Jinja is imported here, so that commands which write no file start without it."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    folder = resources.files(package)

    def text(name: str) -> str | None:
        file = folder.joinpath(name)
        return file.read_text(encoding="utf-8") if file.is_file() else None

    return Environment(
        loader=FunctionLoader(text),
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
