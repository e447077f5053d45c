"""The catalogue of messages: English texts in the code, their Chinese in the .po file, and the .mo beside it.

    tools/messages.py add "Take next" "接下一件"     one text, or a new translation of it
    tools/messages.py add-file FILE.tsv              many: English, a tab, Chinese, one pair a line
    tools/messages.py extract                        what one of code and catalogue has and the other lacks
    tools/messages.py prune                          drop what the code no longer uses
    tools/messages.py compile                        write the .mo again
    tools/messages.py check                          what `make check` and the tests ask; exit 1 on a fault

The file is locked while it is changed, so that several people can add to it at once.
"""

import argparse
import ast
import fcntl
import io
import os
import string
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "bdesk"
PO = PACKAGE / "data" / "book" / "locales" / "zh_CN" / "LC_MESSAGES" / "bdesk.po"
LOOKUPS = {"_": 0, "N_": 0, "translate": 1}
"""Functions whose argument at this place is a text to translate."""


class Faults(Exception):
    """What is wrong, one line each."""


def load(path: Path = PO) -> Catalog:
    if not path.exists():
        return Catalog(locale="zh_CN", project="bdesk", version="1", fuzzy=False, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale="zh_CN", abort_invalid=True)


def pairs(catalogue: Catalog) -> dict[str, str]:
    return {str(message.id): str(message.string) for message in catalogue if message.id}


def compiled(catalogue: Catalog) -> bytes:
    """The .mo as bytes: the same for the same pairs, whatever dates the header carries."""
    plain = Catalog(locale="zh_CN", fuzzy=False, charset="utf-8", header_comment="")
    for msgid, msgstr in sorted(pairs(catalogue).items()):
        plain.add(msgid, msgstr)
    # Babel writes the present time into the header otherwise, and the bytes would differ every minute.
    plain.creation_date = plain.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    buffer = io.BytesIO()
    write_mo(buffer, plain)
    return buffer.getvalue()


def _replace(path: Path, content: bytes) -> None:
    """Readers never see half a file."""
    fresh = path.with_suffix(f"{path.suffix}.{os.getpid()}")
    fresh.write_bytes(content)
    fresh.replace(path)


def store(catalogue: Catalog, path: Path = PO) -> None:
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=0, sort_output=True, omit_header=True)
    header = '# Chinese of the desk. Change it with tools/messages.py.\nmsgid ""\nmsgstr ""\n'
    header += '"Language: zh_CN\\n"\n"MIME-Version: 1.0\\n"\n'
    header += '"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n\n'
    _replace(path, header.encode() + buffer.getvalue())
    _replace(path.with_suffix(".mo"), compiled(catalogue))


@contextmanager
def locked(path: Path = PO) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    # The folder is locked, not the file: the file is replaced, and nothing is left behind.
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def places(text: str) -> list[str]:
    """The `{name}` places of a text, sorted. Raises ValueError when the braces do not match."""
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def pair_faults(msgid: str, msgstr: str) -> list[str]:
    if not msgstr.strip():
        return [f"no Chinese for: {msgid}"]
    try:
        if places(msgid) != places(msgstr):
            return [f"other {{places}} in the Chinese of: {msgid}"]
    except ValueError as error:
        return [f"{error} in: {msgid}"]
    return []


def add(new: Iterable[tuple[str, str]], path: Path = PO) -> int:
    new = list(new)
    faults = [fault for msgid, msgstr in new for fault in pair_faults(msgid, msgstr)]
    if faults:
        raise Faults("\n".join(faults))
    with locked(path):
        catalogue = load(path)
        for msgid, msgstr in new:
            catalogue.delete(msgid)
            # Babel marks texts with a per cent sign as C formats; ours are filled by str.format.
            catalogue.add(msgid, msgstr).flags.discard("python-format")
        store(catalogue, path)
    return len(new)


def read_tsv(path: Path) -> list[tuple[str, str]]:
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        msgid, tab, msgstr = line.partition("\t")
        if not tab:
            raise Faults(f"{path}, line {number}: no tab between English and Chinese")
        found.append((msgid.replace("\\n", "\n"), msgstr.replace("\\n", "\n")))
    return found


def _literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _in_call(node: ast.Call, where: str) -> Iterator[tuple[str, str]]:
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    index = LOOKUPS.get(name)
    if index is None or len(node.args) <= index:
        return
    argument = node.args[index]
    if isinstance(argument, ast.JoinedStr | ast.BinOp):
        raise Faults(f"{where}: a text that is put together cannot be translated; use {{places}}")
    text = _literal(argument)
    if text:
        yield text, where


def _in_messages(node: ast.Assign | ast.AnnAssign, path: Path) -> Iterator[tuple[str, str]]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    if not any(isinstance(target, ast.Name) and target.id == "MESSAGES" for target in targets):
        return
    if isinstance(node.value, ast.Dict):
        for value in node.value.values:
            text = _literal(value)
            if text is None:
                raise Faults(f"{path}:{value.lineno}: a sentence that is not a plain text")
            yield text, f"{path}:{value.lineno}"


def used(package: Path = PACKAGE) -> dict[str, str]:
    """msgid to the first place that uses it, over all files of the package."""
    found: dict[str, str] = {}
    for path in sorted(package.rglob("*.py")):
        shown = path.relative_to(package.parent)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
            rows: Iterable[tuple[str, str]] = ()
            if isinstance(node, ast.Call):
                rows = _in_call(node, f"{shown}:{node.lineno}")
            elif isinstance(node, ast.Assign | ast.AnnAssign) and shown.parts[1:2] == ("speech",):
                rows = _in_messages(node, shown)
            for text, where in rows:
                found.setdefault(text, where)
    return found


def missing_and_unused() -> tuple[list[str], list[str]]:
    in_code, kept = used(), pairs(load())
    missing = [f"{where}: {text}" for text, where in in_code.items() if text not in kept]
    return missing, [text for text in kept if text not in in_code]


def faults() -> list[str]:
    """Everything `check` refuses."""
    catalogue = load()
    found = [f"no Chinese: {line}" for line in missing_and_unused()[0]]
    for msgid, msgstr in pairs(catalogue).items():
        found += pair_faults(msgid, msgstr)
    mo = PO.with_suffix(".mo")
    if not mo.exists() or mo.read_bytes() != compiled(catalogue):
        found.append("bdesk.mo does not match bdesk.po: run tools/messages.py compile")
    return found


def run(arguments: argparse.Namespace) -> list[str]:
    """Do one verb; the lines it returns are faults."""
    match arguments.verb:
        case "add":
            add([(arguments.msgid, arguments.msgstr)])
        case "add-file":
            sys.stdout.write(f"{add(read_tsv(arguments.file))} texts\n")
        case "extract":
            missing, unused = missing_and_unused()
            sys.stdout.writelines(f"missing  {line}\n" for line in missing)
            sys.stdout.writelines(f"unused   {line}\n" for line in unused)
        case "prune":
            with locked():
                catalogue = load()
                for text in missing_and_unused()[1]:
                    catalogue.delete(text)
                store(catalogue)
        case "compile":
            with locked():
                store(load())
        case "check":
            return faults()
    return []


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    verbs = parser.add_subparsers(dest="verb", required=True)
    one = verbs.add_parser("add")
    one.add_argument("msgid")
    one.add_argument("msgstr")
    verbs.add_parser("add-file").add_argument("file", type=Path)
    for name in ("extract", "prune", "compile", "check"):
        verbs.add_parser(name)
    try:
        found = run(parser.parse_args())
    except (Faults, OSError, SyntaxError) as error:
        found = str(error).splitlines()
    sys.stderr.writelines(f"{line}\n" for line in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
