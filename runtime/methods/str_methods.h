// The methods of str, by file: the table that names them for programs is in str_type.cpp.
//
// Ancestry: https://docs.python.org/3/library/stdtypes.html#string-methods.
#pragma once

#include "runtime/methods/arguments.h"

namespace runtime {

// str_search.cpp
NativeBody str_find, str_rfind, str_index, str_rindex, str_count, str_startswith, str_endswith;
NativeBody str_replace, str_removeprefix, str_removesuffix, str_partition, str_rpartition;
// str_split.cpp
NativeBody str_split, str_rsplit, str_splitlines, str_join, str_strip, str_lstrip, str_rstrip;
// str_case.cpp
NativeBody str_upper, str_lower, str_title, str_capitalize, str_swapcase, str_casefold;
NativeBody str_isalpha, str_isdigit, str_isdecimal, str_isnumeric, str_isalnum, str_isspace;
NativeBody str_isupper, str_islower, str_istitle, str_isidentifier, str_isprintable, str_isascii;
// str_padding.cpp
NativeBody str_center, str_ljust, str_rjust, str_zfill, str_expandtabs;
// str_translate.cpp
NativeBody str_translate, str_maketrans;

}  // namespace runtime
