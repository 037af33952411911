"""Every small fault that can be planted in the code: another comparison, sign or number, a statement left out.

Not touched: annotations, docstrings, strings, sentences for people, and decorators.
"""

from __future__ import annotations

import ast
import hashlib
import re
from dataclasses import asdict, dataclass
from pathlib import Path

WORDLESS = {"_", "say", "tell", "progress", "TypeVar"}  # calls whose arguments are for people to read, or for mypy
LARGE = 100  # one more would hardly be another number
COMPARED: dict[type, tuple[type, ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
CALCULATED: dict[type, type] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}


@dataclass(frozen=True)
class Fault:
    """One change of one file: the characters from `start` to `end` become `text`."""

    file: str
    line: int
    function: int  # first line of the function it is in, decorators included; 0: outside of any
    operator: str
    start: int
    end: int
    text: str
    source: str  # fingerprint of the file

    @property
    def id(self) -> str:
        return hashlib.sha256(repr(asdict(self)).encode()).hexdigest()[:16]


class Finder(ast.NodeVisitor):
    """Every fault that can be planted in one file."""

    def __init__(self, file: str, source: str) -> None:
        self.file, self.source, self.found = file, source, list[Fault]()
        self.function = 0
        self.fingerprint = hashlib.sha256(source.encode()).hexdigest()[:16]
        self.lines = [0]
        for line in source.splitlines(keepends=True):
            self.lines.append(self.lines[-1] + len(line))

    def add(self, node: ast.expr | ast.stmt, operator: str, changed: ast.AST | str) -> None:
        """Note that a node may become another one."""
        text = changed if isinstance(changed, str) else ast.unparse(ast.fix_missing_locations(changed))
        text = f"({text})" if isinstance(changed, ast.expr) and not isinstance(changed, ast.Constant) else text
        start, end = self._place(node.lineno, node.col_offset), self._place(node.end_lineno, node.end_col_offset)
        self.found.append(Fault(self.file, node.lineno, self.function, operator, start, end, text, self.fingerprint))

    def _place(self, line: int | None, column: int | None) -> int:
        """An offset in characters from a line and its column in bytes."""
        assert line is not None
        assert column is not None
        begins = self.lines[line - 1]
        text = self.source[begins : self.lines[line]]
        return begins + len(text.encode()[:column].decode())

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        before, self.function = self.function, min([node.lineno, *(one.lineno for one in node.decorator_list)])
        for part in (*node.args.defaults, *(one for one in node.args.kw_defaults if one is not None), *node.body):
            self.visit(part)
        self.function = before

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """Text, and places inside it are not known exactly."""

    def visit_Call(self, node: ast.Call) -> None:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name not in WORDLESS:
            self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        for place, operator in enumerate(node.ops):
            for other in COMPARED[type(operator)]:
                ops = [*node.ops[:place], other(), *node.ops[place + 1 :]]
                self.add(node, "comparison", ast.Compare(node.left, ops, node.comparators))
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if other := CALCULATED.get(type(node.op)):
            self.add(node, "arithmetic", ast.BinOp(node.left, other(), node.right))
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        self.add(node, "boolean", ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values))
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        self.add(node, "sign or not", node.operand)
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, bool):
            self.add(node, "constant", ast.Constant(not node.value))
        elif isinstance(node.value, int | float):
            self.add(node, "constant", ast.Constant(2 * node.value if node.value >= LARGE else node.value + 1))

    def visit_If(self, node: ast.If) -> None:
        if not isinstance(node.test, ast.Compare | ast.UnaryOp):
            self.add(node.test, "condition", ast.UnaryOp(ast.Not(), node.test))
        self.generic_visit(node)

    def visit_Return(self, node: ast.Return) -> None:
        if node.value is not None and not (isinstance(node.value, ast.Constant) and node.value.value is None):
            self.add(node, "return", "return None")
        self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> None:
        if isinstance(node.value, ast.Call):
            name = getattr(node.value.func, "attr", getattr(node.value.func, "id", ""))
            if name not in WORDLESS:
                self.add(node, "statement", "pass")
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.add(node, "statement", "pass")
        self.visit(node.value)

    def visit_Raise(self, node: ast.Raise) -> None:
        self.add(node, "statement", "pass")

    def visit_Continue(self, node: ast.Continue) -> None:
        self.add(node, "statement", "pass")

    def visit_Break(self, node: ast.Break) -> None:
        self.add(node, "statement", "pass")


def faults(root: Path, folders: tuple[str, ...]) -> list[Fault]:
    """All that can be planted in the files of some folders."""
    found = []
    for path in sorted(path for folder in folders for path in (root / folder).rglob("*.py")):
        finder = Finder(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))
        finder.visit(ast.parse(finder.source))
        found += finder.found
    return found


def importers(root: Path, file: str) -> set[str]:
    """A file and those that import it by name."""
    package, _dot, module = file.removesuffix(".py").replace("/", ".").rpartition(".")
    named = re.compile(rf"from {package}\.{module} import|from {package} import [^\n]*\b{module}\b", re.MULTILINE)
    paths = (path for name in ("core", "tests") for path in (root / name).rglob("*.py"))
    found = {path.relative_to(root).as_posix() for path in paths if named.search(path.read_text(encoding="utf-8"))}
    return {file, *found}
