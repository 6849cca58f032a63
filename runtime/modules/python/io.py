"""Files in memory, and the names that belong to all files."""
import _io
from _io import open

__all__ = ["open", "open_code", "BytesIO", "StringIO", "IOBase", "RawIOBase", "BufferedIOBase", "TextIOBase", "UnsupportedOperation",
           "SEEK_SET", "SEEK_CUR", "SEEK_END", "DEFAULT_BUFFER_SIZE"]

SEEK_SET, SEEK_CUR, SEEK_END = 0, 1, 2
DEFAULT_BUFFER_SIZE = getattr(_io, "DEFAULT_BUFFER_SIZE", 131072)


def open_code(path):
    """Opens a file whose text is going to be executed."""
    return open(path, "rb")


if hasattr(_io, "UnsupportedOperation"):
    UnsupportedOperation = _io.UnsupportedOperation
else:
    class UnsupportedOperation(OSError, ValueError):
        """The file cannot do that."""


class IOBase:
    """What all files can do by means of read, write and seek."""

    _closed = False

    def _check_open(self):
        if self.closed:
            raise ValueError("I/O operation on closed file")

    def _unsupported(self, name):
        raise UnsupportedOperation("%s.%s() not supported" % (self.__class__.__name__, name))

    @property
    def closed(self):
        """Has the file been closed?"""
        return self._closed

    def close(self):
        """Closes the file."""
        self._closed = True

    def flush(self):
        """Passes on what has been kept back."""
        self._check_open()

    def fileno(self):
        """The number that the operating system knows the file by."""
        raise UnsupportedOperation("fileno")

    def isatty(self):
        """Is it a terminal?"""
        self._check_open()
        return False

    def readable(self):
        """Can it be read?"""
        return False

    def writable(self):
        """Can it be written to?"""
        return False

    def seekable(self):
        """Can the place be chosen?"""
        return False

    def read(self, size=-1):
        """What comes next."""
        self._unsupported("read")

    def write(self, s):
        """Writes; returns how much."""
        self._unsupported("write")

    def seek(self, pos, whence=0):
        """Chooses the place."""
        self._unsupported("seek")

    def tell(self):
        """The place."""
        return self.seek(0, 1)

    def truncate(self, size=None):
        """Cuts the file off."""
        self._unsupported("truncate")

    def readlines(self, hint=-1):
        """A list of the lines that come."""
        lines, size = [], 0
        for line in self:
            lines.append(line)
            size += len(line)
            if hint is not None and 0 < hint <= size:
                break
        return lines

    def writelines(self, lines):
        """Writes several texts."""
        for line in lines:
            self.write(line)

    def __enter__(self):
        self._check_open()
        return self

    def __exit__(self, *exc_info):
        self.close()

    def __iter__(self):
        self._check_open()
        return self

    def __next__(self):
        line = self.readline()
        if not line:
            raise StopIteration
        return line


class RawIOBase(IOBase):
    """Files of bytes that keep nothing back."""


class BufferedIOBase(IOBase):
    """Files of bytes."""


class TextIOBase(IOBase):
    """Files of text."""

    encoding = None
    errors = None
    newlines = None


class _InMemory:
    """Reading and writing at a place of something that can be sliced; a mutex keeps place and content together."""

    def _begin(self):
        from _thread import RLock
        self._mutex = RLock()
        self._place = 0

    def readable(self):
        self._check_open()
        return True

    writable = seekable = readable

    def _size(self, size):
        return -1 if size is None else size.__index__()

    def read(self, size=-1):
        """The next `size` characters or bytes; all that are left if it is negative."""
        with self._mutex:
            self._check_open()
            content = self._whole()
            size = self._size(size)
            end = len(content) if size < 0 else min(len(content), self._place + size)
            found = content[self._place:end]
            self._place = max(end, self._place)
            return found

    def readline(self, size=-1):
        """The rest of the line, its end included."""
        with self._mutex:
            self._check_open()
            content = self._whole()
            size = self._size(size)
            end = content.find(self._newline, self._place)
            end = len(content) if end < 0 else end + 1
            if size >= 0:
                end = min(end, self._place + size)
            found = content[self._place:end]
            self._place = max(end, self._place)
            return found

    def tell(self):
        self._check_open()
        return self._place

    def getvalue(self):
        """All that was written."""
        with self._mutex:
            self._check_open()
            return self._whole()


class StringIO(_InMemory, TextIOBase):
    """A file of text in memory."""

    _newline = "\n"

    def __init__(self, initial_value="", newline="\n"):
        if newline is not None and not isinstance(newline, str):
            raise TypeError("newline must be str or None, not " + type(newline).__name__)
        if newline not in (None, "", "\n", "\r", "\r\n"):
            raise ValueError("illegal newline value: %r" % (newline,))
        self._begin()
        self._translation = newline
        self._parts = []  # writing at the end, the usual case, only collects
        if initial_value is not None:
            if not isinstance(initial_value, str):
                raise TypeError("initial_value must be str or None, not " + type(initial_value).__name__)
            self.write(initial_value)
            self._place = 0

    @property
    def line_buffering(self):
        """Is each line passed on at once? There is nobody to pass it to."""
        return False

    def _whole(self):
        if len(self._parts) != 1:
            self._parts = ["".join(self._parts)]
        return self._parts[0]

    def write(self, s):
        """Writes a text; returns its length."""
        if not isinstance(s, str):
            raise TypeError("string argument expected, got %r" % type(s).__name__)
        with self._mutex:
            self._check_open()
            size = len(s)
            if self._translation is None:
                s = s.replace("\r\n", "\n").replace("\r", "\n")
            elif self._translation in ("\r", "\r\n"):
                s = s.replace("\n", self._translation)
            if not s:
                return size
            end = self._end()
            if self._place == end:
                self._parts.append(s)
                self._length = end + len(s)
            else:
                content = self._whole().ljust(self._place, "\0")
                self._parts = [content[:self._place] + s + content[self._place + len(s):]]
                self._length = len(self._parts[0])
            self._place += len(s)
            return size

    _length = 0

    def _end(self):
        return self._length

    def seek(self, pos, whence=0):
        with self._mutex:
            self._check_open()
            pos = pos.__index__()
            if whence not in (0, 1, 2):
                raise ValueError("Invalid whence (%d, should be 0, 1 or 2)" % whence)
            if whence == 0:
                if pos < 0:
                    raise ValueError("Negative seek position %d" % pos)
                self._place = pos
            elif pos != 0:
                raise OSError("Can't do nonzero cur-relative seeks")
            elif whence == 2:
                self._place = self._end()
            return self._place

    def truncate(self, size=None):
        with self._mutex:
            self._check_open()
            size = self._place if size is None else size.__index__()
            if size < 0:
                raise ValueError("Negative size value %d" % size)
            self._parts = [self._whole()[:size]]
            self._length = len(self._parts[0])
            return size


class BytesIO(_InMemory, BufferedIOBase):
    """A file of bytes in memory."""

    _newline = b"\n"

    def __init__(self, initial_bytes=b""):
        self._begin()
        self._content = bytes(initial_bytes or b"")

    def _whole(self):
        return self._content

    read1 = _InMemory.read

    def getbuffer(self):
        """The content; here a copy of it."""
        return self.getvalue()

    def readinto(self, buffer):
        """Fills the buffer with what comes next; returns how much that was."""
        found = self.read(len(buffer))
        buffer[:len(found)] = found
        return len(found)

    def write(self, b):
        """Writes bytes; returns how many."""
        if isinstance(b, str):
            raise TypeError("a bytes-like object is required, not 'str'")
        b = bytes(b)
        with self._mutex:
            self._check_open()
            if b:
                content = self._content
                if self._place > len(content):
                    content += bytes(self._place - len(content))
                self._content = content[:self._place] + b + content[self._place + len(b):]
                self._place += len(b)
            return len(b)

    def seek(self, pos, whence=0):
        with self._mutex:
            self._check_open()
            pos = pos.__index__()
            if whence == 0:
                if pos < 0:
                    raise ValueError("negative seek value %d" % pos)
            elif whence == 1:
                pos += self._place
            elif whence == 2:
                pos += len(self._content)
            else:
                raise ValueError("invalid whence (%d, should be 0, 1 or 2)" % whence)
            self._place = max(pos, 0)
            return self._place

    def truncate(self, size=None):
        with self._mutex:
            self._check_open()
            size = self._place if size is None else size.__index__()
            if size < 0:
                raise ValueError("negative size value %d" % size)
            self._content = self._content[:size]
            return size


def text_encoding(encoding, stacklevel=2):
    """The encoding to use where none was given."""
    return "utf-8" if encoding is None else encoding


# Kinds of real files, where the runtime has them.
for _name in ("FileIO", "BufferedReader", "BufferedWriter", "BufferedRandom", "TextIOWrapper"):
    if hasattr(_io, _name):
        globals()[_name] = getattr(_io, _name)
        __all__.append(_name)
del _name
