// bytes and bytearray: taking octets apart and putting them together.
#include <string>

#include "runtime/containers/list_object.h"
#include "runtime/methods/bytes_methods.h"
#include "runtime/methods/octets.h"

namespace runtime {

namespace {

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

class Parts {
 public:
  Parts(ThreadState& thread, Borrowed<Object> like) : thread_(thread), like_(like) {}

  Result<Done> add(std::string_view part) {
    if (!list_) {
      RT_TRY_ASSIGN(made, list_, new_list(thread_));
    }
    TRY_ASSIGN(Ref<Object> octets, new_octets_like(thread_, like_, part));
    return list_append(thread_, list_, std::move(octets));
  }
  Result<Ref<Object>> finish(bool is_reversed) {
    if (!list_) return new_list(thread_);
    if (is_reversed) list_reverse(thread_, list_);
    return std::move(list_);
  }

 private:
  ThreadState& thread_;
  const Borrowed<Object> like_;
  Ref<List> list_;
};

Result<Ref<Object>> split_at_blanks(ThreadState& thread, Borrowed<Object> self, std::int64_t most) {
  const std::string octets = octets_in(thread, self);
  const std::string_view all = octets;
  Parts parts(thread, self);
  std::size_t at = 0;
  for (;;) {
    while (at < all.size() && is_space(all[at])) ++at;
    if (at == all.size()) return parts.finish(false);
    const std::size_t start = at;
    if (most-- == 0) {
      TRY(parts.add(all.substr(start)));
      return parts.finish(false);
    }
    while (at < all.size() && !is_space(all[at])) ++at;
    TRY(parts.add(all.substr(start, at - start)));
  }
}

Result<Ref<Object>> rsplit_at_blanks(ThreadState& thread, Borrowed<Object> self,
                                     std::int64_t most) {
  const std::string octets = octets_in(thread, self);
  const std::string_view all = octets;
  Parts parts(thread, self);
  std::size_t at = all.size();
  for (;;) {
    while (at > 0 && is_space(all[at - 1])) --at;
    if (at == 0) return parts.finish(true);
    const std::size_t end = at;
    if (most-- == 0) {
      TRY(parts.add(all.substr(0, end)));
      return parts.finish(true);
    }
    while (at > 0 && !is_space(all[at - 1])) --at;
    TRY(parts.add(all.substr(at, end - at)));
  }
}

Result<Ref<Object>> split_method(ThreadState& thread, Borrowed<Object> self,
                                 const BoundArguments& arguments, bool is_reversed) {
  TRY_ASSIGN(std::int64_t most, number_argument(thread, arguments[1], -1));
  if (most < 0) most = INT64_MAX;
  if (!arguments.has(0) || is_none(arguments[0])) {
    return is_reversed ? rsplit_at_blanks(thread, self, most) : split_at_blanks(thread, self, most);
  }
  TRY_ASSIGN(std::string separator, required_octets(thread, arguments.at(0)));
  if (separator.empty()) return raise_text(thread, value_error_type, "empty separator");
  const std::string octets = octets_in(thread, self);
  std::string_view rest = octets;
  Parts parts(thread, self);
  while (most-- > 0) {
    const std::size_t at = is_reversed ? rest.rfind(separator) : rest.find(separator);
    if (at == std::string_view::npos) break;
    const std::string_view before = rest.substr(0, at);
    const std::string_view behind = rest.substr(at + separator.size());
    TRY(parts.add(is_reversed ? behind : before));
    rest = is_reversed ? before : behind;
  }
  TRY(parts.add(rest));
  return parts.finish(is_reversed);
}

enum Ends : unsigned { kLeft = 1, kRight = 2 };

Result<Ref<Object>> strip_method(ThreadState& thread, Borrowed<Object> self,
                                 const BoundArguments& arguments, unsigned ends) {
  std::string goes = " \t\n\r\v\f";
  if (arguments.has(0) && !is_none(arguments[0])) {
    RT_TRY_ASSIGN(given, goes, required_octets(thread, arguments.at(0)));
  }
  const std::string octets = octets_in(thread, self);
  std::string_view rest = octets;
  const auto is_gone = [&](char c) { return goes.find(c) != std::string::npos; };
  while ((ends & kLeft) != 0 && !rest.empty() && is_gone(rest.front())) rest.remove_prefix(1);
  while ((ends & kRight) != 0 && !rest.empty() && is_gone(rest.back())) rest.remove_suffix(1);
  return new_octets_like(thread, self, rest);
}

}  // namespace

Result<Ref<Object>> octets_split(ThreadState& thread, Borrowed<Object> self,
                                 const BoundArguments& arguments) {
  return split_method(thread, self, arguments, false);
}
Result<Ref<Object>> octets_rsplit(ThreadState& thread, Borrowed<Object> self,
                                  const BoundArguments& arguments) {
  return split_method(thread, self, arguments, true);
}

Result<Ref<Object>> octets_splitlines(ThreadState& thread, Borrowed<Object> self,
                                      const BoundArguments& arguments) {
  TRY_ASSIGN(bool keeps_ends, truth_argument(thread, arguments[0], false));
  const std::string octets = octets_in(thread, self);
  const std::string_view all = octets;
  Parts parts(thread, self);
  std::size_t at = 0;
  while (at < all.size()) {
    const std::size_t start = at;
    while (at < all.size() && all[at] != '\n' && all[at] != '\r') ++at;
    const std::size_t end = at;
    if (at < all.size()) at += all.substr(at).starts_with("\r\n") ? 2 : 1;
    TRY(parts.add(all.substr(start, (keeps_ends ? at : end) - start)));
  }
  return parts.finish(false);
}

Result<Ref<Object>> octets_join(ThreadState& thread, Borrowed<Object> self,
                                const BoundArguments& arguments) {
  TRY_ASSIGN(Ref<List> items, new_list_from(thread, arguments.at(0)));
  const std::string between = octets_in(thread, self);
  std::string joined;
  for (std::int64_t i = 0; Ref<Object> item = list_get(thread, items, i); ++i) {
    if (!has_octets(*item)) {
      return raise(thread, type_error_type,
                   "sequence item {}: expected a bytes-like object, {} found", i, type_name(item));
    }
    if (i != 0) joined += between;
    joined += octets_in(thread, item);
  }
  return new_octets_like(thread, self, joined);
}

Result<Ref<Object>> octets_strip(ThreadState& thread, Borrowed<Object> self,
                                 const BoundArguments& arguments) {
  return strip_method(thread, self, arguments, kLeft | kRight);
}
Result<Ref<Object>> octets_lstrip(ThreadState& thread, Borrowed<Object> self,
                                  const BoundArguments& arguments) {
  return strip_method(thread, self, arguments, kLeft);
}
Result<Ref<Object>> octets_rstrip(ThreadState& thread, Borrowed<Object> self,
                                  const BoundArguments& arguments) {
  return strip_method(thread, self, arguments, kRight);
}

}  // namespace runtime
