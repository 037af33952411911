"""Calls that don't belong in this house: what runs or loads foreign code, and data on a page that could be markup."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

FORBIDDEN = {"eval", "exec", "st.html", "os.system", "os.popen", "marshal.loads", "shelve.open", "joblib.load"}
MODULES = ("pickle.", "cloudpickle.", "dill.")
ARGUMENTS = {"unsafe_allow_html": True, "trust_remote_code": True, "shell": True, "weights_only": False}
DRAWN_AS_MARKDOWN = {
    "markdown",
    "caption",
    "title",
    "header",
    "subheader",
    "warning",
    "info",
    "error",
    "success",
    "toast",
}
NUMBERS = "dfgeEGn%"  # how a format that only a number takes ends


def found(source: str, *, page: bool = False) -> list[str]:
    """What is unsafe in a file's source.  →  “12: eval”

    Parameters
    ----------
    page : bool
        It draws: names put into Markdown must go through a call, such as `plain`, or be formatted as numbers.
    """
    return [f"{call.lineno}: {what}" for call in _calls(ast.parse(source)) for what in _wrong(call, page)]


def in_files(paths: list[Path], root: Path) -> list[str]:
    """The same of several files, each with its name."""
    return [
        f"{path.relative_to(root)}:{what}"
        for path in paths
        for what in found(path.read_text(encoding="utf-8"), page="pages" in path.relative_to(root).parts)
    ]


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _wrong(call: ast.Call, page: bool) -> Iterator[str]:
    name = ast.unparse(call.func)
    if name in FORBIDDEN or name.startswith(MODULES):
        yield name
    named = {one.arg: one.value.value for one in call.keywords if one.arg and isinstance(one.value, ast.Constant)}
    yield from (f"{arg}={value}" for arg, value in ARGUMENTS.items() if named.get(arg) is value)
    if name == "torch.load" and named.get("weights_only") is not True:
        yield "torch.load without weights_only=True"
    if page and isinstance(call.func, ast.Attribute) and call.func.attr in DRAWN_AS_MARKDOWN and call.args:
        yield from (f"{call.func.attr} of {ast.unparse(value)}" for value in _bare(call.args[0]))


def _bare(text: ast.expr) -> Iterator[ast.expr]:
    """What is put into a text as it is: no call makes it harmless, and it need not be a number."""
    if isinstance(text, ast.JoinedStr):
        for part in text.values:
            if isinstance(part, ast.FormattedValue) and _is_data(part.value) and not _of_numbers(part.format_spec):
                yield part.value
    elif isinstance(text, ast.Call) and isinstance(text.func, ast.Attribute) and text.func.attr == "format":
        yield from (one.value for one in text.keywords if _is_data(one.value))


def _is_data(value: ast.expr) -> bool:
    return isinstance(value, ast.Name | ast.Attribute | ast.Subscript)


def _of_numbers(spec: ast.expr | None) -> bool:
    return spec is not None and ast.unparse(spec).rstrip("'\"")[-1:] in tuple(NUMBERS)
