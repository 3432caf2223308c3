"""Runs a program and takes part in its talk, for tests.

    drive.py FOLDER [--tty COLUMNS] PROGRAM ARGUMENT... <STEPS

STEPS is a JSON list of ["await", REGEX] (in what it has written since the last await), ["send", TEXT] and
["signal", NAME]. With --tty the program has a terminal of its own, else its standard error is what is awaited.
Prints {"status", "output", "errors"}; on a terminal both are in "output". Kills the program after two minutes.
"""

import fcntl, json, os, pty, re, select, signal, struct, sys, termios, time

folder, arguments = sys.argv[1], sys.argv[2:]
columns = None
if arguments[0] == "--tty":
    columns, arguments = int(arguments[1]), arguments[2:]
steps = json.load(sys.stdin)
os.chdir(folder)
out_read, out_write = os.pipe()
err_read, err_write = os.pipe()
if columns:
    child, terminal = pty.fork()
else:
    child, terminal = os.fork(), None
if child == 0:
    if columns:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    else:
        os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
        os.dup2(out_write, 1)
        os.dup2(err_write, 2)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    os.execvp(arguments[0], arguments)
os.close(out_write)
os.close(err_write)
texts = {out_read: b"", err_read: b""} if terminal is None else {terminal: b""}
awaited = err_read if terminal is None else terminal
open_ends, seen, deadline = set(texts), 0, time.monotonic() + 120


def pump(timeout):
    for end in select.select(list(open_ends), [], [], timeout)[0]:
        try:
            data = os.read(end, 65536)
        except OSError:  # a terminal whose program has ended
            data = b""
        texts[end] += data
        if not data:
            open_ends.discard(end)


for act, value in steps:
    if act == "await":
        while True:
            found = re.search(value.encode(), texts[awaited][seen:])
            if found:
                seen += found.end()
                break
            if not open_ends or time.monotonic() > deadline:
                sys.stderr.write(f"never came: {value}\n{texts[awaited].decode(errors='replace')}\n")
                os.kill(child, signal.SIGKILL)
                sys.exit(1)
            pump(0.2)
    elif act == "send":
        os.write(terminal, value.encode())
    else:
        os.kill(child, getattr(signal, "SIG" + value))
while open_ends and time.monotonic() < deadline:
    pump(0.2)
if open_ends:
    os.kill(child, signal.SIGKILL)
status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
decode = lambda end: texts.get(end, b"").decode(errors="replace")
print(json.dumps({
    "status": status,
    "output": decode(terminal if terminal is not None else out_read),
    "errors": "" if terminal is not None else decode(err_read),
}))
