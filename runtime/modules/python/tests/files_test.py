import random
import support

os = support.load("os")
io = support.load("io")
tempfile = support.load("tempfile")
sysconfig = support.load("sysconfig")
linecache = support.load("linecache")
platform = support.load("platform")
raises = support.raises
host = None if support.OWN else __import__("posixpath")
host_io = None if support.OWN else __import__("io")


def test_paths():
    path = os.path
    assert path.join("a", "b", "/c", "d") == "/c/d" and path.join("a/", "b") == "a/b" and path.split("/a/b") == ("/a", "b")
    assert path.splitext("a/b.tar.gz") == ("a/b.tar", ".gz") and path.splitext(".profile") == (".profile", "")
    assert path.normpath("/a/./b/../../c//d") == "/c/d" and path.basename("/x/y") == "y" and path.dirname("/x/y") == "/x"
    assert path.relpath("/a/b/c", "/a/d") == "../b/c" and path.commonpath(["/a/b/c", "/a/b/d"]) == "/a/b"
    assert path.isabs("/x") and not path.isabs("x") and path.abspath("x") == path.join(os.getcwd(), "x")
    assert raises(TypeError, path.join, 5) == "expected str, bytes or os.PathLike object, not int"


def test_paths_like_the_host():
    if not host:
        return
    chooser = random.Random(8)
    for _ in range(3000):
        one, two = ["".join([chooser.choice("ab./.") for _ in range(chooser.randrange(8))]) for _ in range(2)]
        for name in ("normpath", "split", "splitext", "basename", "dirname", "isabs", "abspath"):
            assert getattr(os.path, name)(one) == getattr(host, name)(one), (name, one)
            assert getattr(os.path, name)(one.encode()) == getattr(host, name)(one.encode()), (name, one)
        assert os.path.join(one, two) == host.join(one, two)
        for name, arguments in (("relpath", (one, two or ".")), ("commonpath", ([one, two],)), ("commonprefix", ([one, two],))):
            answers = []
            for module in (os.path, host):
                try:
                    answers.append(getattr(module, name)(*arguments))
                except ValueError as error:
                    answers.append(str(error))
            assert answers[0] == answers[1], (name, arguments, answers)


def test_files_and_directories():
    with tempfile.TemporaryDirectory() as directory:
        assert os.path.isdir(directory) and os.listdir(directory) == [] and directory.startswith(tempfile.gettempdir())
        below = os.path.join(directory, "a", "b")
        os.makedirs(below)
        os.makedirs(below, exist_ok=True)
        raises(FileExistsError, os.makedirs, below)
        name = os.path.join(below, "file.txt")
        with open(name, "w") as file:
            file.write("one\ntwo")
        assert os.path.isfile(name) and os.path.exists(name) and not os.path.isdir(name) and os.path.getsize(name) == 7
        assert linecache.getline(name, 2) == "two\n" and linecache.getline(name, 3) == "" and linecache.getlines("no such file") == []
        assert sorted(os.walk(directory)) == [(directory, ["a"], []), (directory + "/a", ["b"], []), (below, [], ["file.txt"])]
        os.rename(name, name + "2") if hasattr(os, "rename") else None
        if hasattr(os, "symlink"):
            os.symlink(below, os.path.join(directory, "link"))
            assert os.path.islink(directory + "/link") and os.path.realpath(directory + "/link/../b") == os.path.realpath(below)
    assert not os.path.exists(directory)
    raises(FileNotFoundError, os.listdir, directory)
    with tempfile.NamedTemporaryFile("w+") as file:
        file.write("text")
        file.seek(0)
        assert file.read() == "text" and os.path.isfile(file.name)
    assert not os.path.exists(file.name)
    directory = tempfile.mkdtemp("end", "begin")
    assert directory.endswith("end") and os.path.basename(directory).startswith("begin")
    os.rmdir(directory)


def test_trees():
    shutil, stat, errno = support.load("shutil"), support.load("stat"), support.load("errno")
    directory = tempfile.mkdtemp()
    os.makedirs(directory + "/a/b")
    with open(directory + "/a/b/file", "wb") as file:
        file.write(b"content" * 20000)
    assert shutil.copytree(directory + "/a", directory + "/c") == directory + "/c"
    with open(directory + "/c/b/file", "rb") as file:
        assert file.read() == b"content" * 20000
    assert shutil.move(directory + "/c/b/file", directory + "/a") == directory + "/a/file"
    raises("SameFileError", shutil.copyfile, directory + "/a/file", directory + "/a/file")
    assert os.listdir(directory + "/c/b") == [] and stat.S_ISDIR(os.stat(directory).st_mode) and stat.filemode(os.stat(directory).st_mode) == "drwx------"
    shutil.rmtree(directory)
    assert not os.path.exists(directory)
    shutil.rmtree(directory, ignore_errors=True)
    raises(FileNotFoundError, shutil.rmtree, directory)
    assert shutil.which("sh").endswith("/sh") and shutil.which("no such command") is None
    try:
        os.listdir(directory)
    except OSError as error:
        assert error.errno == errno.ENOENT == 2 and errno.errorcode[17] == "EEXIST"
    if not support.OWN:
        import errno as host_errno
        for number, name in errno.errorcode.items():
            assert getattr(host_errno, name) == number, name


def test_environment():
    os.environ["HEDDLE_TEST"] = "value"
    assert os.environ["HEDDLE_TEST"] == "value" and "HEDDLE_TEST" in os.environ and os.getenv("HEDDLE_TEST") == "value"
    assert os.environ.get("NO_SUCH_THING", 5) == 5 and os.environ.pop("HEDDLE_TEST") == "value" and "HEDDLE_TEST" not in os.environ
    raises(KeyError, lambda: os.environ["HEDDLE_TEST"])
    assert raises(TypeError, os.environ.__setitem__, "a", 5) == "str expected, not int"
    assert dict(os.environ.items()) == dict(os.environ.copy())


def test_process():
    assert os.getpid() > 0 and os.cpu_count() >= 1 and len(os.urandom(8)) == 8 and os.name == "posix"
    assert len(os.sched_getaffinity(0)) >= 1
    assert sysconfig.get_config_var("Py_GIL_DISABLED") in (0, 1, None) and sysconfig.get_config_var("no such") is None
    assert isinstance(sysconfig.get_config_vars(), dict) and sysconfig.get_platform() and platform.system() and platform.python_version()[0] == "3"
    if not support.OWN:
        assert platform.python_implementation() == "CPython" and sysconfig.get_platform() == __import__("sysconfig").get_platform()


def test_text_in_memory():
    text = io.StringIO("one\ntwo\nthree")
    assert text.readline() == "one\n" and text.read(2) == "tw" and list(text) == ["o\n", "three"] and text.read() == ""
    assert text.seek(0) == 0 and text.readlines() == ["one\n", "two\n", "three"]
    text = io.StringIO()
    assert text.write("abc") == 3
    print("def", file=text)
    assert text.getvalue() == "abcdef\n" and text.tell() == 7
    text.seek(1)
    text.write("XY")
    assert text.getvalue() == "aXYdef\n"
    text.truncate(2)
    assert text.getvalue() == "aX"
    with text:
        pass
    assert raises(ValueError, text.read) == "I/O operation on closed file" and text.closed
    assert raises(TypeError, io.StringIO().write, b"x") == "string argument expected, got 'bytes'"
    assert raises(ValueError, io.StringIO().seek, -1) == "Negative seek position -1"


def test_memory_like_the_host():
    if not host_io:
        return
    chooser = random.Random(9)
    for _ in range(500):
        pair = [io.StringIO("ab\ncd"), host_io.StringIO("ab\ncd")]
        if chooser.random() < 0.5:
            pair = [io.BytesIO(b"ab\ncd"), host_io.BytesIO(b"ab\ncd")]
        for _ in range(15):
            name, arguments = chooser.choice([("read", ()), ("read", (2,)), ("readline", ()), ("readline", (1,)), ("write", ("xy\n",)), ("seek", (chooser.randrange(-1, 9),)),
                                              ("seek", (0, 2)), ("seek", (0, 1)), ("seek", (1, 1)), ("tell", ()), ("truncate", ()), ("truncate", (3,)), ("getvalue", ()),
                                              ("readlines", ()), ("seek", (0, 7)), ("writelines", (["q", "r"],)), ("readable", ()), ("isatty", ())])
            if isinstance(pair[1], host_io.BytesIO) and name.startswith("write"):
                arguments = (b"xy\n",) if name == "write" else ([b"q", b"r"],)
            answers = []
            for one in pair:
                try:
                    answers.append(getattr(one, name)(*arguments))
                except (ValueError, OSError) as error:
                    answers.append(str(error))
            assert answers[0] == answers[1] and pair[0].getvalue() == pair[1].getvalue(), (name, arguments, answers)


if __name__ == "__main__":
    support.run(globals())
