"""Renderers, one module a source: the synthetic state in that source's true wire format.

A module of a file source has `files(state) -> dict[str, SyntheticFile]`; the module of an API has
`resources(state) -> dict[str, Resource]`. A file source may answer other addresses, too:
`answer(request, state, edit) -> Answer | None`, None where a file is meant. A module that is added
is served, no list is edited.
"""

import importlib
import pkgutil
from types import ModuleType


def file_sources() -> dict[str, ModuleType]:
    """Return the modules of all file sources, by the source's name."""
    names = [module.name for module in pkgutil.iter_modules(__path__)]
    modules = {name: importlib.import_module(f"{__name__}.{name}") for name in names}
    return {name: module for name, module in modules.items() if hasattr(module, "files")}
