// What bytes and bytearray have in common: each takes the octets of one moment, and answers in the
// type of its object.
//
// Ancestry: https://docs.python.org/3/library/stdtypes.html#bytes-and-bytearray-operations.
#pragma once

#include <string_view>

#include "runtime/methods/arguments.h"

namespace runtime {

// An exact bytes, or bytearray if `like` is one.
Result<Ref<Object>> new_octets_like(ThreadState& thread, Borrowed<Object> like,
                                    std::string_view octets);

// bytes_search.cpp
NativeBody octets_find, octets_rfind, octets_index, octets_rindex, octets_count;
NativeBody octets_startswith, octets_endswith, octets_replace, octets_removeprefix;
NativeBody octets_removesuffix, octets_partition, octets_rpartition;
// bytes_split.cpp
NativeBody octets_split, octets_rsplit, octets_splitlines, octets_join;
NativeBody octets_strip, octets_lstrip, octets_rstrip;
// bytes_text.cpp
NativeBody octets_decode, octets_hex, octets_fromhex, octets_translate;
NativeBody octets_upper, octets_lower, octets_title, octets_capitalize, octets_swapcase;
NativeBody octets_isalpha, octets_isdigit, octets_isalnum, octets_isspace, octets_isascii;
NativeBody octets_isupper, octets_islower;
NativeBody octets_center, octets_ljust, octets_rjust, octets_zfill;

// The rows of both tables.
#define RT_METHODS_OF_OCTETS                                                                      \
  {"find(sub, start?, end?, /)", &octets_find, "The lowest index of sub, or -1."},                \
      {"rfind(sub, start?, end?, /)", &octets_rfind, "The highest index of sub, or -1."},         \
      {"index(sub, start?, end?, /)", &octets_index, "Like find(), but raises."},                 \
      {"rindex(sub, start?, end?, /)", &octets_rindex, "Like rfind(), but raises."},              \
      {"count(sub, start?, end?, /)", &octets_count, "How often sub occurs."},                    \
      {"startswith(prefix, start?, end?, /)", &octets_startswith, "Does it begin so?"},           \
      {"endswith(suffix, start?, end?, /)", &octets_endswith, "Does it end so?"},                 \
      {"replace(old, new, count?, /)", &octets_replace, "With new for old."},                     \
      {"removeprefix(prefix, /)", &octets_removeprefix, "Without this prefix."},                  \
      {"removesuffix(suffix, /)", &octets_removesuffix, "Without this suffix."},                  \
      {"partition(sep, /)", &octets_partition, "Before, separator, behind: the first."},          \
      {"rpartition(sep, /)", &octets_rpartition, "Before, separator, behind: the last."},         \
      {"split(sep?, maxsplit?)", &octets_split, "The parts between separators."},                 \
      {"rsplit(sep?, maxsplit?)", &octets_rsplit, "Like split(), from the right."},               \
      {"splitlines(keepends?)", &octets_splitlines, "The lines."},                                \
      {"join(iterable, /)", &octets_join, "The parts, with this in between."},                    \
      {"strip(bytes?, /)", &octets_strip, "Without blanks at both ends."},                        \
      {"lstrip(bytes?, /)", &octets_lstrip, "Without blanks at the left end."},                   \
      {"rstrip(bytes?, /)", &octets_rstrip, "Without blanks at the right end."},                  \
      {"decode(encoding?, errors?)", &octets_decode, "As text."},                                 \
      {"hex(sep?, bytes_per_sep?)", &octets_hex, "As hexadecimal text."},                         \
      {"fromhex(string, /)", &octets_fromhex, "From hexadecimal text.", NativeKind::kOfClass},    \
      {"translate(table, /, delete?)", &octets_translate, "Each octet as the table says."},       \
      {"upper()", &octets_upper, "In upper case."}, {"lower()", &octets_lower, "In lower case."}, \
      {"title()", &octets_title, "Each word with a capital."},                                    \
      {"capitalize()", &octets_capitalize, "With a capital."},                                    \
      {"swapcase()", &octets_swapcase, "Upper case for lower case and back."},                    \
      {"isalpha()", &octets_isalpha, "Letters only?"},                                            \
      {"isdigit()", &octets_isdigit, "Digits only?"},                                             \
      {"isalnum()", &octets_isalnum, "Letters and digits only?"},                                 \
      {"isspace()", &octets_isspace, "Blanks only?"},                                             \
      {"isascii()", &octets_isascii, "ASCII only?"},                                              \
      {"isupper()", &octets_isupper, "In upper case?"},                                           \
      {"islower()", &octets_islower, "In lower case?"},                                           \
      {"center(width, fillchar?, /)", &octets_center, "In the middle of so many."},               \
      {"ljust(width, fillchar?, /)", &octets_ljust, "At the left of so many."},                   \
      {"rjust(width, fillchar?, /)", &octets_rjust, "At the right of so many."}, {                \
    "zfill(width, /)", &octets_zfill, "With zeros behind its sign."                               \
  }

}  // namespace runtime
