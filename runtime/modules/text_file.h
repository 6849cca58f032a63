// Files: what open() gives, and the standard streams.
//
// One structure serves text and octets: a descriptor of the system, what was read and not yet taken,
// what was written and not yet passed on. Reading and writing happen under the file's own mutex, in
// which nothing foreign runs; the thread detaches around each call of the system, so a reader that
// waits for a terminal holds nobody up but others who want the same file. Lines that two threads
// write with one call each never mix.
//
// Text is utf-8 (or ascii, latin-1: text_codec.h), line ends are read as "\n" unless the caller of
// open() wants them as they are. Not here: layers that a program can take apart (.buffer, .raw).
//
// Ancestry: https://docs.python.org/3/library/io.html; CPython's Modules/_io.
#pragma once

#include <string>
#include <string_view>

#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/str_object.h"
#include "runtime/object/type.h"
#include "runtime/threads/mutex.h"

namespace runtime {

struct FileState;

struct File : Object {
  FileState* state;  // owned; constant
};

extern Type text_file_type;    // TextIOWrapper
extern Type binary_file_type;  // BufferedRandom

struct FileMode {
  bool reads = false;
  bool writes = false;
  bool is_text = true;
  bool flushes_lines = false;    // each "\n" that is written is passed on at once
  bool flushes_always = false;   // stderr
  bool keeps_line_ends = false;  // newline='': "\r\n" stays
  bool closes_descriptor = true;
};

// Takes the descriptor over. `name` is what `.name` says; `mode` likewise.
Result<Ref<File>> new_file(ThreadState& thread, int descriptor, const FileMode& how,
                           Borrowed<Object> name, std::string_view mode, std::string_view encoding,
                           std::string_view errors);

[[nodiscard]] inline bool is_text_file(const Object& object) {
  return object.type == &text_file_type;
}

// file.write(text) of a text file: ValueError "I/O operation on closed file.", OSError.
Result<Done> write_text(ThreadState& thread, Borrowed<File> file, Borrowed<Str> text);
// Passes on what was written. Nothing for a closed file.
Result<Done> flush_file(ThreadState& thread, Borrowed<File> file);

// Opens the two types. Once, before the first file.
Result<Done> open_file_types(ThreadState& thread);

}  // namespace runtime
