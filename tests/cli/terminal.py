#!/usr/bin/python3
"""Runs a command on a terminal of its own and answers it once, as a person would.

Usage: terminal.py EXPECT ANSWER COMMAND...     when EXPECT has been shown, ANSWER is typed (\\x03 is Ctrl-C); what was shown
goes to standard output, and the exit code is the command's (128 + N when signal N ended it).
"""

import os
import pty
import sys


def main():
    expect, answer, *command = sys.argv[1:]
    answer = answer.encode().decode("unicode_escape").encode()
    child, terminal = pty.fork()
    if child == 0:
        os.execvp(command[0], command)
    shown, typed = b"", False
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # the command has ended
            break
        if not piece:
            break
        shown += piece
        if not typed and expect.encode() in shown:
            os.write(terminal, answer)
            typed = True
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    sys.stdout.buffer.write(shown)
    sys.exit(status if status >= 0 else 128 - status)


main()
