"""Run the commands of ``render.py`` in this process."""

from click.testing import CliRunner, Result

from render import main

#: Options that make a film cheap.
FAST = "-q", "l", "--fps", "5"


def run(*arguments: str) -> Result:
    """A command that is expected to succeed."""
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result


def fails(code: int, *arguments: str) -> str:
    """The message of a command that is expected to fail: one line on standard error, no traceback."""
    result = CliRunner().invoke(main, arguments)
    assert isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == code, result.output
    assert result.stdout == ""
    told = [line for line in result.stderr.splitlines() if line.strip()]
    usage = [line for line in told if line.startswith(("Usage: ", "Try "))]
    assert len(told) == len(usage) + 1, told
    assert code == 2 or not usage
    assert told[-1].startswith("Error: ")
    return told[-1].removeprefix("Error: ")
