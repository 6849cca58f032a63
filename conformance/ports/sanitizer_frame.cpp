// Names are cut out from the right: what stands behind them (place, module, build id) has a form, a
// C++ name has none.
#include "conformance/ports/sanitizer_frame.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace conformance {

namespace {

constexpr std::size_t kNameLimit = 160;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())))
    text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())))
    text.remove_suffix(1);
  return text;
}

// "(libc.so.6+0x27249)" or "(/usr/bin/python3+0x1f2)" at the end of `text`, cut off;
// "python3+0x1f2" is returned.
std::string cut_module(std::string_view& text) {
  const std::size_t build = text.rfind(" (BuildId: ");
  if (build != std::string_view::npos && text.back() == ')') text = trimmed(text.substr(0, build));
  const std::size_t open = text.rfind('(');
  if (open == std::string_view::npos || text.back() != ')' ||
      text.find("+0x", open) == std::string_view::npos)
    return {};
  std::string_view module = text.substr(open + 1, text.size() - open - 2);
  text = trimmed(text.substr(0, open));
  const std::size_t slash = module.rfind('/');
  return std::string(slash == std::string_view::npos ? module : module.substr(slash + 1));
}

// "file.c:12" and "file.c:12:3", but not "std::vector".
bool is_place(std::string_view word) {
  const std::size_t colon = word.rfind(':');
  return colon != std::string_view::npos && colon + 1 < word.size() && colon > 0 &&
         word[colon - 1] != ':' &&
         std::all_of(word.begin() + static_cast<std::ptrdiff_t>(colon) + 1, word.end(),
                     [](unsigned char c) { return std::isdigit(c); });
}

// Where in "name place" the name ends. A path begins at the first blank and slash outside of
// parentheses; it may hold blanks.
std::size_t end_of_function(std::string_view text) {
  int depth = 0;
  for (std::size_t at = 0; at + 1 < text.size(); ++at) {
    if (text[at] == '(') ++depth;
    if (text[at] == ')') --depth;
    if (depth <= 0 && text[at] == ' ' &&
        (text[at + 1] == '/' || text.substr(at + 1).starts_with("<null>")))
      return at;
  }
  const std::size_t blank = text.rfind(' ');
  return blank != std::string_view::npos && is_place(text.substr(blank + 1)) ? blank : text.size();
}

std::string_view without_clone_suffix(std::string_view name) {
  for (const std::string_view suffix :
       {" [clone", ".constprop.", ".isra.", ".part.", ".cold", ".llvm.", ".lto_priv."}) {
    name = name.substr(0, name.find(suffix));
  }
  return name;
}

std::string_view without_parameters(std::string_view name) {
  for (const std::string_view suffix : {" const", " volatile", " &", " &&", " noexcept"}) {
    if (name.ends_with(suffix)) name.remove_suffix(suffix.size());
  }
  if (!name.ends_with(')')) return name;
  int depth = 0;
  for (std::size_t at = name.size(); at-- > 0;) {
    if (name[at] == ')') ++depth;
    if (name[at] == '(' && --depth == 0) return at > 0 ? name.substr(0, at) : name;
  }
  return name;
}

// "void f<int>" -> "f<int>"; "operator new" stays.
std::string_view without_result_type(std::string_view name) {
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < name.size(); ++at) {
    if (name[at] == '(' || name[at] == '<') ++depth;
    if (name[at] == ')' || name[at] == '>') --depth;
    if (depth == 0 && name[at] == ' ' && !name.substr(0, at).ends_with("operator")) begin = at + 1;
  }
  return name.substr(begin);
}

// The table of plumbing. A prefix ends with '*'.
constexpr auto kPlumbing = std::to_array<std::string_view>({
    // The sanitizers' own: entry points and intercepted functions.
    "__tsan_*",
    "__asan_*",
    "__lsan_*",
    "__ubsan_*",
    "__sanitizer_*",
    "__interceptor_*",
    "___interceptor_*",
    // Allocation, and bytes that are moved for somebody.
    "malloc",
    "calloc",
    "realloc",
    "reallocarray",
    "free",
    "posix_memalign",
    "aligned_alloc",
    "memalign",
    "strdup",
    "strndup",
    "operator new*",
    "operator delete*",
    "memcpy",
    "memmove",
    "memset",
    "memcmp",
    "memchr",
    "strlen",
    "strcmp",
    "strncmp",
    "strcpy",
    "strncpy",
    "strchr",
    "mi_*",
    "_mi_*",
    // Locks and threads of the system.
    "pthread_*",
    "__gthread_*",
    "sem_*",
    // The C++ library: a race on a vector is its owner's.
    "std::*",
    "__gnu_cxx::*",
    "__cxxabiv1::*",
    // CPython: reference counts, atomics, its one-byte lock, attaching, its allocators
    // (Include/refcount.h,
    // Include/cpython/pyatomic.h, Python/lock.c, Python/pystate.c, Objects/obmalloc.c).
    "Py_INCREF",
    "Py_DECREF",
    "Py_XINCREF",
    "Py_XDECREF",
    "Py_NewRef",
    "Py_XNewRef",
    "Py_SET_REFCNT",
    "Py_REFCNT",
    "Py_CLEAR",
    "_Py_REFCNT",
    "_Py_INCREF*",
    "_Py_DECREF*",
    "_Py_XINCREF*",
    "_Py_XDECREF*",
    "_Py_NewRef*",
    "_Py_XNewRef*",
    "_Py_TryIncref*",
    "_Py_TryXGetRef",
    "_Py_TryIncRef*",
    "_Py_DecRef*",
    "_Py_MergeZeroLocalRefcount",
    "_Py_ExplicitMergeRefcount",
    "_Py_IsOwnedByCurrentThread",
    "_Py_atomic_*",
    "_PyMutex_*",
    "PyMutex_*",
    "_PyThreadState_Attach",
    "_PyThreadState_Detach",
    "_PyParkingLot_*",
    "_PyMem_*",
    "PyMem_*",
    "_PyObject_Malloc",
    "_PyObject_Calloc",
    "_PyObject_Realloc",
    "_PyObject_Free",
    "_PyObject_Mi*",
    "PyObject_Malloc",
    "PyObject_Calloc",
    "PyObject_Realloc",
    "PyObject_Free",
});

}  // namespace

bool is_plumbing(std::string_view name) {
  return std::any_of(kPlumbing.begin(), kPlumbing.end(), [&](std::string_view row) {
    return row.ends_with('*') ? name.starts_with(row.substr(0, row.size() - 1)) : name == row;
  });
}

std::optional<SanitizerFrame> parse_sanitizer_frame(std::string_view line) {
  std::string_view text = trimmed(line);
  SanitizerFrame frame;
  if (!text.starts_with('#')) return std::nullopt;
  const auto [end, error] =
      std::from_chars(text.data() + 1, text.data() + text.size(), frame.index);
  if (error != std::errc() || end == text.data() + text.size() || *end != ' ') return std::nullopt;
  text = trimmed(text.substr(static_cast<std::size_t>(end - text.data())));
  if (text.starts_with("0x")) {
    const std::size_t blank = std::min(text.find(' '), text.size());
    text = trimmed(text.substr(blank));
    if (text.starts_with("in ")) text.remove_prefix(3);
  }
  const std::string module = cut_module(text);
  const std::string_view function = trimmed(text.substr(0, end_of_function(text)));
  if (function != "<null>" && !function.starts_with("<null> ")) frame.function = function;
  const std::string_view name =
      without_result_type(without_parameters(without_clone_suffix(frame.function)));
  frame.name = std::string(name.substr(0, kNameLimit));
  if (frame.name.empty()) frame.name = module.empty() ? "(no symbol)" : module;
  return frame;
}

}  // namespace conformance
