"""On which line of a TOML document each key and each element of an array is.

``tomllib`` reads the document; this module only finds places in one that it has accepted, so it need not
notice mistakes, and follows the grammar of TOML 1.0 (and the newlines that 1.1 allows in inline tables).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

#: A place in a document: names of keys, and indices (from 0) of elements of arrays.
Path = tuple[str | int, ...]

_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_LITERAL = re.compile(r"[^,\]}\n#]*")
_ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "e": "\x1b", '"': '"', "\\": "\\"}
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|x([0-9A-Fa-f]{2})|(.))", re.DOTALL)
#: What ends a string, by what begins it; quotes that are part of the string may stand before the end.
_STRINGS = {
    '"""': re.compile(r'(?:[^"\\]|\\.|"{1,2}(?!"))*"{3,5}', re.DOTALL),
    "'''": re.compile(r"(?:[^']|'{1,2}(?!'))*'{3,5}", re.DOTALL),
    '"': re.compile(r'(?:[^"\\]|\\.)*"', re.DOTALL),
    "'": re.compile(r"[^']*'"),
}


def lines_of(text: str) -> dict[Path, int]:
    """The line, counted from 1, of everything in a TOML document that ``tomllib`` accepts.

    A key is on the line where it is written, also one that is only the beginning of another (``a`` of
    ``a.b = 1``, for which the first such line counts), and a table on the line of its header.
    """
    scanner = _Scanner(text)
    scanner.document()
    return scanner.lines


def line_at(lines: Mapping[Path, int], path: Iterable[str | int]) -> int:
    """The line of a path, or of the nearest thing around it that is in the document; at least line 1."""
    path = tuple(path)
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


class _Scanner:
    """Walks through a document once; every method leaves ``at`` behind what it has read."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.lines: dict[Path, int] = {}
        self._tables: dict[Path, int] = {}  # arrays of tables: how many there are so far
        self._line, self._counted = 1, 0

    def document(self) -> None:
        table: Path = ()
        while not self._ended():
            if self._takes("[["):
                table = self._entered(self._key(), array=True)
                self._takes("]]")
            elif self._takes("["):
                table = self._entered(self._key(), array=False)
                self._takes("]")
            else:
                self._pair(table)

    def _entered(self, key: list[str], array: bool) -> Path:
        """The table that a header opens: through an array of tables, the way goes into its last one."""
        path: Path = ()
        for position, name in enumerate(key):
            path = (*path, name)
            self._note(path)
            last = position == len(key) - 1
            if last and array:
                self._tables[path] = self._tables.get(path, 0) + 1
            if path in self._tables and (array or not last):
                path = (*path, self._tables[path] - 1)
                self._note(path)
        if not array:
            self.lines[path] = self._line_here()  # its own header, if only its parts were seen before
        return path

    def _pair(self, table: Path) -> None:
        path = table
        for name in self._key():
            path = (*path, name)
            self._note(path)
        self._takes("=")
        self._value(path)

    def _key(self) -> list[str]:
        names = []
        while True:
            self._skip()
            if self.text[self.at] in "\"'":
                names.append(self._string())
            else:
                found = _BARE_KEY.match(self.text, self.at)
                if found is None:  # pragma: no cover (tomllib has refused it)
                    raise ValueError(f"no key at character {self.at}")
                names.append(found[0])
                self.at = found.end()
            if not self._takes("."):
                return names

    def _value(self, path: Path) -> None:
        self._skip()
        if self._takes("["):
            index = 0
            while not self._takes("]"):
                self._skip()
                self._note((*path, index))
                self._value((*path, index))
                self._takes(",")
                index += 1
        elif self._takes("{"):
            while not self._takes("}"):
                self._pair(path)
                self._takes(",")
        elif self.text[self.at] in "\"'":
            self._string()
        else:
            found = _LITERAL.match(self.text, self.at)
            self.at = found.end() if found else self.at

    def _string(self) -> str:
        mark = next(mark for mark in _STRINGS if self.text.startswith(mark, self.at))
        found = _STRINGS[mark].match(self.text, self.at + len(mark))
        if found is None:  # pragma: no cover (tomllib has refused it)
            raise ValueError(f"no end of the string at character {self.at}")
        self.at = found.end()
        inside = found[0][: -len(mark)]
        return _ESCAPE.sub(_unescaped, inside) if mark[0] == '"' else inside

    def _ended(self) -> bool:
        self._skip()
        return self.at >= len(self.text)

    def _skip(self) -> None:
        found = _SPACE.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def _takes(self, token: str) -> bool:
        """Whether the next thing is this; if so, go on behind it."""
        self._skip()
        if self.text.startswith(token, self.at):
            self.at += len(token)
            return True
        return False

    def _note(self, path: Path) -> None:
        self.lines.setdefault(path, self._line_here())

    def _line_here(self) -> int:
        self._line += self.text.count("\n", self._counted, self.at)
        self._counted = self.at
        return self._line


def _unescaped(found: re.Match[str]) -> str:
    code = found[1] or found[2] or found[3]
    return chr(int(code, 16)) if code else _ESCAPES.get(found[4], "")
