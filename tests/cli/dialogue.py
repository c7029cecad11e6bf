#!/usr/bin/python3
"""Runs a command on a terminal of its own and talks to it, as a person would.

Usage: dialogue.py [--columns N] EXPECT ANSWER [EXPECT ANSWER...] -- COMMAND...     each time EXPECT has been shown since the last answer, and a prompt,
ANSWER is typed and Enter is pressed (\\x03 alone is Ctrl-C, and no Enter). What the terminal shows at the end, as a person sees it with the
lines that were written over gone, goes to standard output; the exit code is the command's (128 + N when signal N ended it), or 99 when
an EXPECT was not shown in half a minute.
"""

import fcntl
import os
import pty
import select
import struct
import sys
import termios
import time

PATIENCE_S = 30
PROMPTS = (b"> ", b") ", b": ")  # what stands at the end when an answer is waited for


def arguments():
    words = sys.argv[1:]
    columns = 80
    if words[0] == "--columns":
        columns, words = int(words[1]), words[2:]
    end = words.index("--")
    pairs = list(zip(words[0:end:2], words[1:end:2]))
    return columns, pairs, words[end + 1:]


def typed(answer):
    answer = answer.encode().decode("unicode_escape").encode("latin-1") if "\\" in answer else answer.encode()
    return answer if answer == b"\x03" else answer + b"\n"


def read_some(terminal, until):
    """What is shown next; None when the command has ended."""
    if not select.select([terminal], [], [], max(0.0, until - time.monotonic()))[0]:
        return b""
    try:
        return os.read(terminal, 65536) or None
    except OSError:
        return None


def seen(shown):
    """The screen's lines: a line that was gone back to and cleared is not seen any more."""
    lines = []
    for piece in shown.decode("utf-8", errors="replace").replace("\r\n", "\n").split("\n"):
        while piece.startswith("\x1b[A\r\x1b[K"):
            lines, piece = lines[:-1], piece[len("\x1b[A\r\x1b[K"):]
        lines.append(piece)
    return "\n".join(lines)


def talk(terminal, pairs):
    """(all that was shown, whether every answer was asked for)."""
    shown, since = b"", 0
    until = time.monotonic() + PATIENCE_S
    waiting = list(pairs)
    while True:
        piece = read_some(terminal, until)
        if piece is None:
            return shown, not waiting
        if piece == b"":
            return shown, False
        shown += piece
        if waiting and waiting[0][0].encode() in shown[since:] and shown.endswith(PROMPTS):
            since = len(shown)
            os.write(terminal, typed(waiting.pop(0)[1]))
            until = time.monotonic() + PATIENCE_S


def main():
    columns, pairs, command = arguments()
    child, terminal = pty.fork()
    if child == 0:
        fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
        os.execvp(command[0], command)
    shown, is_good = talk(terminal, pairs)
    os.close(terminal)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(seen(shown))
    sys.exit(99 if not is_good else status if status >= 0 else 128 - status)


main()
