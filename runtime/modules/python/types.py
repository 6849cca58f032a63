"""The types that have no name among the builtins, taken from living objects."""
import sys

__all__ = ["BuiltinFunctionType", "BuiltinMethodType", "CellType", "ClassMethodDescriptorType", "CodeType", "EllipsisType", "FrameType",
           "FunctionType", "GeneratorType", "GetSetDescriptorType", "LambdaType", "MappingProxyType", "MemberDescriptorType",
           "MethodDescriptorType", "MethodType", "MethodWrapperType", "ModuleType", "NoneType", "NotImplementedType", "SimpleNamespace",
           "TracebackType", "WrapperDescriptorType", "DynamicClassAttribute", "new_class", "prepare_class", "resolve_bases"]


class _Sample:
    __slots__ = ("member",)

    def method(self):
        pass


def _cell_of(value):
    return (lambda: value).__closure__[0]


def _generator():
    yield


def _type_of(get):
    """The type of what the function gives; None on a runtime that has no such thing."""
    try:
        return type(get())
    except AttributeError:
        return None


def _traceback():
    try:
        raise TypeError
    except TypeError as error:
        return error.__traceback__


FunctionType = LambdaType = type(_cell_of)
CodeType = type(_cell_of.__code__)
MappingProxyType = type(type.__dict__)
SimpleNamespace = type(sys.implementation)
CellType = type(_cell_of(0))
GeneratorType = type(_generator())
MethodType = type(_Sample().method)
BuiltinFunctionType = BuiltinMethodType = type(len)
WrapperDescriptorType = _type_of(lambda: object.__init__)
MethodWrapperType = _type_of(lambda: object().__str__)
MethodDescriptorType = _type_of(lambda: str.join)
ClassMethodDescriptorType = _type_of(lambda: dict.__dict__["fromkeys"])
ModuleType = type(sys)
TracebackType = type(_traceback())
FrameType = type(sys._getframe())
GetSetDescriptorType = _type_of(lambda: type(_cell_of).__code__)
MemberDescriptorType = type(_Sample.member)
NoneType = type(None)
EllipsisType = type(...)
NotImplementedType = type(NotImplemented)


def resolve_bases(bases):
    """The bases of a class statement with those that stand for others replaced by them (__mro_entries__)."""
    resolved = []
    for base in bases:
        entries = None if isinstance(base, type) else getattr(base, "__mro_entries__", None)
        if entries is None:
            resolved.append(base)
            continue
        replacement = entries(bases)
        if not isinstance(replacement, tuple):
            raise TypeError("__mro_entries__ must return a tuple")
        resolved.extend(replacement)
    return tuple(resolved)


def prepare_class(name, bases=(), kwds=None):
    """The metaclass, the namespace to begin with, and the other keywords of a class statement."""
    kwds = dict(kwds or {})
    meta = kwds.pop("metaclass", type(bases[0]) if bases else type)
    if isinstance(meta, type):
        for base in bases:
            if issubclass(type(base), meta):
                meta = type(base)
            elif not issubclass(meta, type(base)):
                raise TypeError("metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses "
                                "of all its bases")
    namespace = meta.__prepare__(name, bases, **kwds) if hasattr(meta, "__prepare__") else {}
    return meta, namespace, kwds


def new_class(name, bases=(), kwds=None, exec_body=None):
    """Makes a class as the class statement does."""
    resolved = resolve_bases(bases)
    meta, namespace, kwds = prepare_class(name, resolved, kwds)
    if exec_body is not None:
        exec_body(namespace)
    if resolved is not bases and resolved != tuple(bases):
        namespace["__orig_bases__"] = bases
    return meta(name, resolved, namespace, **kwds)


class DynamicClassAttribute:
    """A property of instances whose name, asked of the class, is left to the metaclass."""

    def __init__(self, fget=None, fset=None, fdel=None, doc=None):
        self.fget = fget
        self.fset = fset
        self.fdel = fdel
        self.__doc__ = doc or getattr(fget, "__doc__", None)

    def __get__(self, instance, ownerclass=None):
        if instance is None or self.fget is None:
            raise AttributeError
        return self.fget(instance)

    def __set__(self, instance, value):
        if self.fset is None:
            raise AttributeError("can't set attribute")
        self.fset(instance, value)

    def __delete__(self, instance):
        if self.fdel is None:
            raise AttributeError("can't delete attribute")
        self.fdel(instance)
