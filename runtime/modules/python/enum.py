"""Enumerations: classes whose instances are fixed and have names."""

__all__ = ["EnumType", "EnumMeta", "Enum", "IntEnum", "StrEnum", "ReprEnum", "auto", "unique"]


class auto:
    """Stands for the value that comes next."""

    def __init__(self):
        self.value = None


def _is_member(name, value):
    """Does this assignment in the body of the class make a member?"""
    if name.startswith("_") and name.endswith("_"):
        return False
    if isinstance(value, type) and name.startswith("__"):
        return False
    return not (hasattr(value, "__get__") or hasattr(value, "__set__") or hasattr(value, "__delete__"))


def _data_type(bases):
    """The type beside Enum that the members are of, as int in IntEnum; object if there is none."""
    for base in bases:
        for kind in base.__mro__:
            if kind is not object and not isinstance(kind, EnumType) and "__new__" in kind.__dict__:
                return kind
    return object


class EnumType(type):
    """The type of enumerations: makes the members when the class is made."""

    def __new__(metacls, name, bases, namespace, **kwds):
        members = [(key, value) for key, value in namespace.items() if _is_member(key, value)] if bases else []
        for key, _ in members:
            del namespace[key]
        for base in bases:
            if isinstance(base, EnumType) and base._member_map_:
                raise TypeError("<enum %r> cannot extend %r" % (name, base))
        cls = super().__new__(metacls, name, bases, namespace, **kwds)
        type.__setattr__(cls, "_member_map_", {})
        type.__setattr__(cls, "_member_names_", [])
        type.__setattr__(cls, "_value2member_map_", {})
        type.__setattr__(cls, "_member_type_", _data_type(bases))
        if cls._member_type_ is not object:
            # What a member looks like is the business of Enum, which stands behind the data type among the bases.
            enumeration = [base for base in bases if isinstance(base, EnumType)][-1:]
            for key in ("__repr__", "__str__", "__format__", "__reduce_ex__"):
                if key not in namespace and enumeration:
                    type.__setattr__(cls, key, getattr(enumeration[0], key))
        last_values = []
        for number, (key, value) in enumerate(members):
            if isinstance(value, auto):
                value = cls._generate_next_value_(key, 1, number, last_values[:])
            member = cls._make_member(key, value)
            last_values.append(member._value_)
            type.__setattr__(cls, key, member)
            cls._member_map_[key] = member
        # From here on calling the class looks a member up.
        type.__setattr__(cls, "__new__", staticmethod(_find))
        return cls

    def _make_member(cls, name, value):
        kind = cls._member_type_
        arguments = value if isinstance(value, tuple) else (value,)
        own_new = cls.__dict__.get("__new__")
        if own_new is not None:
            own_new = getattr(own_new, "__func__", own_new)
            member = own_new(cls, *arguments)
        elif kind is object:
            member = object.__new__(cls)
        else:
            member = kind.__new__(cls, *arguments)
        if "_value_" not in member.__dict__:
            member._value_ = value if kind is object else kind(*arguments)
        member._name_ = name
        member.__init__(*arguments)
        for other in cls._member_map_.values():
            if other._value_ == member._value_:
                return other  # another name for it
        member._sort_order_ = len(cls._member_names_)
        cls._member_names_.append(name)
        try:
            cls._value2member_map_[member._value_] = member
        except TypeError:
            pass  # a value that cannot be hashed is searched for
        return member

    def __call__(cls, value, names=None, *, module=None, qualname=None, type=None, start=1):
        if names is None:
            return cls.__new__(cls, value)
        if isinstance(names, str):
            names = names.replace(",", " ").split()
        namespace = {}
        for number, item in enumerate(names.items() if isinstance(names, dict) else names):
            name, member_value = (item, number + start) if isinstance(item, str) else item
            namespace[name] = member_value
        if module is None:
            import sys
            module = sys._getframe(1).f_globals.get("__name__")
        namespace["__module__"] = module
        bases = (cls,) if type is None else (type, cls)
        return cls.__class__(value, bases, namespace)

    def __iter__(cls):
        return iter([cls._member_map_[name] for name in cls._member_names_])

    def __reversed__(cls):
        return iter([cls._member_map_[name] for name in reversed(cls._member_names_)])

    def __len__(cls):
        return len(cls._member_names_)

    def __bool__(cls):
        return True

    def __contains__(cls, value):
        if isinstance(value, cls):
            return True
        try:
            cls(value)
        except ValueError:
            return False
        return True

    def __getitem__(cls, name):
        return cls._member_map_[name]

    @property
    def __members__(cls):
        from types import MappingProxyType
        return MappingProxyType(cls._member_map_)

    def __repr__(cls):
        return "<enum %r>" % cls.__name__

    def __setattr__(cls, name, value):
        if name in cls.__dict__.get("_member_map_", {}):
            raise AttributeError("cannot reassign member %r" % name)
        super().__setattr__(name, value)

    def __delattr__(cls, name):
        if name in cls.__dict__.get("_member_map_", {}):
            raise AttributeError("%r cannot delete member %r." % (cls.__name__, name))
        super().__delattr__(name)


def _find(cls, value):
    """The member of this value: what an enumeration does when it is called."""
    if type(value) is cls:
        return value
    try:
        found = cls._value2member_map_.get(value)
    except TypeError:
        found = None
        for member in cls._member_map_.values():
            if member._value_ == value:
                found = member
    if found is None:
        found = cls._missing_(value)
    if found is None:
        raise ValueError("%r is not a valid %s" % (value, cls.__qualname__))
    if not isinstance(found, cls):
        raise TypeError("error in %s._missing_: returned %r instead of None or a valid member" % (cls.__name__, found))
    return found


EnumMeta = EnumType


class Enum(metaclass=EnumType):
    """A base for enumerations: each name assigned in the class is a member."""

    def __init__(self, *args):
        pass

    @staticmethod
    def _generate_next_value_(name, start, count, last_values):
        """The value of auto(): one more than the greatest so far."""
        numbers = [value for value in last_values if isinstance(value, int)]
        return max(numbers) + 1 if numbers else start

    @classmethod
    def _missing_(cls, value):
        return None

    @property
    def name(self):
        """The name of the member."""
        return self._name_

    @property
    def value(self):
        """The value of the member."""
        return self._value_

    def __repr__(self):
        return "<%s.%s: %r>" % (self.__class__.__name__, self._name_, self._value_)

    def __str__(self):
        return "%s.%s" % (self.__class__.__name__, self._name_)

    def __format__(self, format_spec):
        return str.__format__(str(self), format_spec)

    def __hash__(self):
        return hash(self._name_)

    def __reduce_ex__(self, proto):
        return self.__class__, (self._value_,)

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    def __dir__(self):
        return ["__class__", "__doc__", "__module__", "name", "value"] + [key for key in self.__class__.__dict__ if key[0] != "_"]


class ReprEnum(Enum):
    """An enumeration of which only repr() differs from that of its data type."""

    def __str__(self):
        return self._member_type_.__str__(self._value_)

    def __format__(self, format_spec):
        return self._member_type_.__format__(self._value_, format_spec)


class IntEnum(int, ReprEnum):
    """An enumeration whose members are also numbers."""


class StrEnum(str, ReprEnum):
    """An enumeration whose members are also texts."""

    @staticmethod
    def _generate_next_value_(name, start, count, last_values):
        """The value of auto(): the name in small letters."""
        return name.lower()


def unique(enumeration):
    """A decorator that refuses an enumeration in which two names mean one member."""
    twice = [(name, member._name_) for name, member in enumeration._member_map_.items() if name != member._name_]
    if twice:
        raise ValueError("duplicate values found in %r: %s" % (enumeration, ", ".join(["%s -> %s" % pair for pair in twice])))
    return enumeration
