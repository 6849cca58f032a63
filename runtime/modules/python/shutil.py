"""Doing things to files and directories as a whole."""
import os

__all__ = ["copyfile", "copyfileobj", "copy", "copymode", "copytree", "move", "rmtree", "which", "Error", "SameFileError"]

_CHUNK = 65536


class Error(OSError):
    """Something could not be done."""


class SameFileError(Error):
    """Source and destination are one file."""


def copyfileobj(fsrc, fdst, length=0):
    """Reads one file to its end and writes all to the other."""
    while True:
        chunk = fsrc.read(length or _CHUNK)
        if not chunk:
            return
        fdst.write(chunk)


def copyfile(src, dst, *, follow_symlinks=True):
    """Copies what is in a file."""
    if os.path.exists(dst) and os.path.samefile(src, dst):
        raise SameFileError("%r and %r are the same file" % (src, dst))
    with open(src, "rb") as source, open(dst, "wb") as destination:
        copyfileobj(source, destination)
    return dst


def copymode(src, dst, *, follow_symlinks=True):
    """Copies the permissions, where the system can."""
    if hasattr(os, "chmod"):
        os.chmod(dst, os.stat(src).st_mode & 0o7777)


def copy(src, dst, *, follow_symlinks=True):
    """Copies a file with its permissions to another file or into a directory."""
    if os.path.isdir(dst):
        dst = os.path.join(dst, os.path.basename(src))
    copyfile(src, dst)
    copymode(src, dst)
    return dst


copy2 = copy


def copytree(src, dst, symlinks=False, ignore=None, copy_function=copy, ignore_dangling_symlinks=False, dirs_exist_ok=False):
    """Copies a directory and all below it."""
    names = os.listdir(src)
    ignored = set(ignore(src, names)) if ignore is not None else ()
    os.makedirs(dst, exist_ok=dirs_exist_ok)
    for name in names:
        if name in ignored:
            continue
        source, destination = os.path.join(src, name), os.path.join(dst, name)
        if os.path.isdir(source):
            copytree(source, destination, symlinks, ignore, copy_function, ignore_dangling_symlinks, dirs_exist_ok)
        else:
            copy_function(source, destination)
    return dst


def rmtree(path, ignore_errors=False, onerror=None, *, onexc=None, dir_fd=None):
    """Removes a directory and all below it."""
    def failed(function, path, error):
        if ignore_errors:
            return
        if onexc is not None:
            onexc(function, path, error)
        elif onerror is not None:
            onerror(function, path, (type(error), error, error.__traceback__))
        else:
            raise error

    try:
        if os.path.islink(path):
            raise OSError("Cannot call rmtree on a symbolic link")
        names = os.listdir(path)
    except OSError as error:
        failed(os.listdir, path, error)
        return
    for name in names:
        entry = os.path.join(path, name)
        if os.path.isdir(entry) and not os.path.islink(entry):
            rmtree(entry, ignore_errors, onerror, onexc=onexc)
            continue
        try:
            os.unlink(entry)
        except FileNotFoundError:
            pass
        except OSError as error:
            failed(os.unlink, entry, error)
    try:
        os.rmdir(path)
    except FileNotFoundError:
        pass
    except OSError as error:
        failed(os.rmdir, path, error)


def move(src, dst, copy_function=copy2):
    """Moves a file or directory, into the destination if that is a directory."""
    if os.path.isdir(dst):
        dst = os.path.join(dst, os.path.basename(src.rstrip("/")))
        if os.path.exists(dst):
            raise Error("Destination path '%s' already exists" % dst)
    try:
        os.rename(src, dst)
    except OSError:
        if os.path.isdir(src):
            copytree(src, dst, copy_function=copy_function)
            rmtree(src)
        else:
            copy_function(src, dst)
            os.unlink(src)
    return dst


def which(cmd, mode=os.F_OK | os.X_OK, path=None):
    """The file that a command means; None if there is none."""
    def fits(name):
        return os.path.isfile(name) and os.access(name, mode)

    if os.path.dirname(cmd):
        return cmd if fits(cmd) else None
    for directory in os.get_exec_path() if path is None else path.split(os.pathsep):
        name = os.path.join(directory, cmd)
        if fits(name):
            return name
    return None
