"""The numbers of the errors of the operating system (Linux)."""

errorcode = {}

for _number, _name in enumerate(
        "EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD EAGAIN ENOMEM EACCES EFAULT ENOTBLK EBUSY EEXIST EXDEV ENODEV "
        "ENOTDIR EISDIR EINVAL ENFILE EMFILE ENOTTY ETXTBSY EFBIG ENOSPC ESPIPE EROFS EMLINK EPIPE EDOM ERANGE EDEADLK ENAMETOOLONG "
        "ENOLCK ENOSYS ENOTEMPTY ELOOP".split(), 1):
    errorcode[_number] = _name
for _number, _name in ((95, "ENOTSUP"), (98, "EADDRINUSE"), (104, "ECONNRESET"), (107, "ENOTCONN"), (110, "ETIMEDOUT"),
                       (111, "ECONNREFUSED"), (113, "EHOSTUNREACH"), (114, "EALREADY"), (115, "EINPROGRESS"), (125, "ECANCELED")):
    errorcode[_number] = _name
for _number, _name in errorcode.items():
    globals()[_name] = _number
EWOULDBLOCK, EDEADLOCK, EOPNOTSUPP = EAGAIN, EDEADLK, ENOTSUP
del _number, _name
