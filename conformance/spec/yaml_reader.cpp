// Four steps: the bytes are looked at (length, UTF-8, control characters, line ends), yaml-cpp
// turns them into events, the events build the tree and are counted, and what yaml-cpp says when it
// gives up is put into words that help.
//
// The budgets are enforced while the events arrive, by an exception that leaves yaml-cpp's parser;
// so its recursion is never deeper than ours allows. HandleNextDocument is called twice at most:
// with some texts (a single comma) it returns true for ever, which is why YAML::LoadAll does not
// end.
#include "conformance/spec/yaml_reader.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fmt/format.h>
#include <memory>
#include <optional>
#include <sstream>
#include <sys/stat.h>
#include <unordered_map>
#include <utility>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

namespace conformance {

namespace {

Diagnostic diagnostic_at(const std::string& file, YamlPlace place, std::string message,
                         std::string advice = "") {
  return {file, place.line, place.column, std::move(message), std::move(advice), Severity::Error};
}

std::string too_long(std::size_t bytes) {
  return fmt::format("the file is {} bytes long; the limit is {}", bytes, kYamlMaximumBytes);
}

int characters(std::string_view text) {
  return static_cast<int>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

YamlPlace place_of(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  return {static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1,
          characters(before.substr(line_start)) + 1};
}

// --- bytes

// Length of the well-formed UTF-8 sequence at the start of `text`; 0 when there is none. Unicode,
// table 3-7.
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t index) -> unsigned {
    return index < text.size() ? static_cast<unsigned char>(text[index]) : 0;
  };
  const auto continues = [&](std::size_t index) { return (byte(index) & 0xC0) == 0x80; };
  const unsigned first = byte(0), second = byte(1);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return continues(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    if (first == 0xE0 && second < 0xA0) return 0;
    if (first == 0xED && second > 0x9F) return 0;
    return continues(1) && continues(2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    if (first == 0xF0 && second < 0x90) return 0;
    if (first == 0xF4 && second > 0x8F) return 0;
    return continues(1) && continues(2) && continues(3) ? 4 : 0;
  }
  return 0;
}

struct Fault {
  std::size_t offset = 0;
  std::string message;
  std::string advice;
};

std::optional<Fault> find_fault(std::string_view text) {
  for (const std::string_view mark : {std::string_view("\xFF\xFE"), std::string_view("\xFE\xFF")}) {
    if (text.substr(0, 2) == mark) return Fault{0, "the file is UTF-16", "save it as UTF-8"};
  }
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte == 0) return Fault{at, "a null byte", "is this a text file?"};
    if (byte == '\r' && text.substr(at, 2) != "\r\n") {
      return Fault{at, "a carriage return without a line feed", "end lines with a line feed"};
    }
    if ((byte < 0x20 && byte != '\n' && byte != '\r' && byte != '\t') || byte == 0x7F) {
      return Fault{at, fmt::format("the control character 0x{:02x}", byte),
                   "write it as an escape where it is meant"};
    }
    const std::size_t length = utf8_length(text.substr(at));
    if (length == 0) {
      return Fault{at, fmt::format("the byte 0x{:02x} is not UTF-8 here", byte),
                   "save it as UTF-8"};
    }
    at += length;
  }
  return std::nullopt;
}

std::string with_plain_line_ends(std::string_view text) {
  if (text.find('\r') == std::string_view::npos) return std::string(text);
  std::string plain;
  plain.reserve(text.size());
  std::copy_if(text.begin(), text.end(), std::back_inserter(plain),
               [](char c) { return c != '\r'; });
  return plain;
}

// --- events

struct OverBudget {
  Diagnostic diagnostic;
};

class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(YamlDocument& document, Diagnostics& diagnostics)
      : document_(document), diagnostics_(diagnostics) {
    const auto is_plain_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
    ascii_ = std::all_of(document.text.begin(), document.text.end(), is_plain_ascii);
  }

  bool complained() const { return complained_; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1) {
      throw OverBudget{diagnostic_at(document_.file, place(mark),
                                     "the content goes on after its end",
                                     "one document a file, no `---` in between")};
    }
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    YamlNode node = make(YamlNode::Type::Null, mark, "?", anchor);
    finish(std::move(node));
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    complain(place(mark), "an alias; they are refused", "write the text again, or quote the '*'");
    finish(make(YamlNode::Type::Null, mark, "?", 0));
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    YamlNode node = make(YamlNode::Type::Scalar, mark, tag, anchor);
    node.text = value;
    node.style = style_of(node);
    finish(std::move(node));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(make(YamlNode::Type::Sequence, mark, tag, anchor));
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(make(YamlNode::Type::Map, mark, tag, anchor));
  }
  void OnMapEnd() override {
    check_keys(open_.back());
    close();
  }

 private:
  // Columns count characters; yaml-cpp counts bytes. Marks only ever move on, so that counting goes
  // on where it stopped.
  YamlPlace place(const YAML::Mark& mark) {
    if (ascii_) return {mark.line + 1, mark.column + 1};
    const std::size_t at = offset(mark);
    if (counted_.line != mark.line + 1 || at < counted_offset_) {
      counted_ = {mark.line + 1, 1};
      counted_offset_ = at - std::min(at, static_cast<std::size_t>(std::max(mark.column, 0)));
    }
    counted_.column +=
        characters(std::string_view(document_.text).substr(counted_offset_, at - counted_offset_));
    counted_offset_ = at;
    return counted_;
  }

  std::size_t offset(const YAML::Mark& mark) const {
    return std::min(static_cast<std::size_t>(std::max(mark.pos, 0)), document_.text.size());
  }

  void complain(YamlPlace place, std::string message, std::string advice) {
    diagnostics_.push_back(
        diagnostic_at(document_.file, place, std::move(message), std::move(advice)));
    complained_ = true;
  }

  YamlNode make(YamlNode::Type type, const YAML::Mark& mark, const std::string& tag,
                YAML::anchor_t anchor) {
    YamlNode node;
    node.type = type;
    node.place = place(mark);
    node.offset = offset(mark);
    if (++nodes_ > kYamlMaximumNodes) {
      throw OverBudget{diagnostic_at(document_.file, node.place,
                                     fmt::format("more than {} nodes", kYamlMaximumNodes))};
    }
    if (anchor != 0)
      complain(node.place, "an anchor; they are refused", "quote the '&' if it is meant");
    // yaml-cpp reports "?" for what has no tag and "!" for quoted and block scalars, but "!" also
    // for the tag `!`.
    const bool tagged = (tag != "?" && tag != "!") || character_at(node.offset) == '!';
    if (tagged) complain(node.place, "a tag; they are refused", "quote the '!' if it is meant");
    return node;
  }

  char character_at(std::size_t offset) const {
    return offset < document_.text.size() ? document_.text[offset] : '\0';
  }

  YamlNode::Style style_of(const YamlNode& node) {
    switch (character_at(node.offset)) {
      case '|':
        return YamlNode::Style::Literal;
      case '>':
        return YamlNode::Style::Folded;
      case '"':
      case '\'':
        check_closed(node);
        return YamlNode::Style::Quoted;
      default:
        break;
    }
    const bool as_written =
        std::string_view(document_.text).substr(node.offset, node.text.size()) == node.text;
    return as_written ? YamlNode::Style::Plain : YamlNode::Style::Joined;
  }

  // yaml-cpp takes a quoted scalar that the end of the file cuts off for a whole one.
  void check_closed(const YamlNode& node) {
    const std::string_view text = document_.text;
    const char quote = text[node.offset];
    for (std::size_t at = node.offset + 1; at < text.size(); ++at) {
      if (text[at] == quote) return;
      if (quote == '"' && text[at] == '\\') ++at;
    }
    complain(node.place, "the quoted text is never closed", "");
  }

  void open(YamlNode node) {
    if (static_cast<int>(open_.size()) >= kYamlMaximumDepth) {
      throw OverBudget{diagnostic_at(document_.file, node.place,
                                     fmt::format("nested deeper than {}", kYamlMaximumDepth))};
    }
    open_.push_back(std::move(node));
  }

  void close() {
    YamlNode node = std::move(open_.back());
    open_.pop_back();
    finish(std::move(node));
  }

  void finish(YamlNode node) {
    if (open_.empty()) {
      document_.root = std::move(node);
    } else {
      open_.back().items.push_back(std::move(node));
    }
  }

  void check_keys(const YamlNode& map) {
    std::unordered_map<std::string_view, int> seen;
    for (std::size_t index = 0; index < map.items.size(); index += 2) {
      const YamlNode& key = map.items[index];
      if (!key.is_scalar()) {
        complain(key.place, fmt::format("a key must be text, found {}", describe(key)),
                 "text with '{', '[' or ':' in it stands after |");
        continue;
      }
      if (key.text == "<<" && key.style == YamlNode::Style::Plain) {
        complain(key.place, "a merge key; they are refused", "write the keys again");
        continue;
      }
      const auto [first, is_new] = seen.emplace(key.text, key.place.line);
      if (is_new) continue;
      complain(key.place, fmt::format("the key '{}' stands twice", key.text),
               fmt::format("the first is on line {}", first->second));
    }
  }

  YamlDocument& document_;
  Diagnostics& diagnostics_;
  std::vector<YamlNode> open_;
  std::size_t nodes_ = 0;
  int documents_ = 0;
  bool ascii_ = false;
  YamlPlace counted_;
  std::size_t counted_offset_ = 0;
  bool complained_ = false;
};

// --- yaml-cpp's complaints

std::string_view line_around(std::string_view text, std::size_t offset) {
  const std::size_t start = text.substr(0, offset).rfind('\n') + 1;
  return text.substr(start, text.find('\n', start) - start);
}

Diagnostic explain(const YAML::Exception& exception, const YamlDocument& document) {
  const std::string_view text = document.text;
  const auto offset =
      std::min(static_cast<std::size_t>(std::max(exception.mark.pos, 0)), text.size());
  const YamlPlace place = place_of(text, offset);
  const std::string_view line = line_around(text, offset);
  const std::size_t first = line.find_first_not_of(" \t");
  if (const std::size_t tab = line.substr(0, first).find('\t'); tab != std::string_view::npos) {
    return diagnostic_at(document.file, {place.line, static_cast<int>(tab) + 1},
                         "a tab in the indentation", "YAML is indented with blanks");
  }
  static const std::pair<std::string_view, std::string_view> advices[] = {
      {"illegal map value", "text with ': ' in it stands in quotes, Python after |"},
      {"illegal block entry", "a list under a key begins on a line of its own"},
      {"unknown token", "text that begins with one of ` @ % stands in quotes, Python after |"},
      {"end of map not found", "is the indentation as above?"},
      {"end of sequence not found", "is the indentation as above?"},
      {"end of sequence flow not found", "'[' is not closed"},
      {"end of map flow not found", "'{' is not closed"},
      {"the referenced anchor is not defined", "text that begins with '*' stands in quotes"},
      {"alias not found after *", "text that begins with '*' stands in quotes"},
      {"anchor not found after &", "text that begins with '&' stands in quotes"},
  };
  std::string advice;
  for (const auto& [message, words] : advices) {
    if (exception.msg == message) advice = words;
  }
  return diagnostic_at(document.file, place, "not YAML: " + exception.msg, std::move(advice));
}

}  // namespace

std::string_view describe(const YamlNode& node) {
  switch (node.type) {
    case YamlNode::Type::Null:
      return "nothing";
    case YamlNode::Type::Scalar:
      return "text";
    case YamlNode::Type::Sequence:
      return "a list";
    case YamlNode::Type::Map:
      return "a mapping";
  }
  return "?";
}

YamlPlace YamlDocument::place_within(const YamlNode& scalar, std::size_t offset) const {
  const std::string_view source = text;
  const std::string_view content = scalar.text;
  if (scalar.style == YamlNode::Style::Plain) return place_of(source, scalar.offset + offset);
  if (scalar.style == YamlNode::Style::Quoted) {
    const bool as_written = source.substr(scalar.offset + 1, content.size()) == content;
    return as_written ? place_of(source, scalar.offset + 1 + offset) : scalar.place;
  }
  if (scalar.style != YamlNode::Style::Literal) return scalar.place;
  // Line by line the text is that of the file without the indentation.
  const std::string_view before = content.substr(0, offset);
  std::size_t line_start = source.find('\n', scalar.offset);
  for (auto lines = std::count(before.begin(), before.end(), '\n');
       lines > 0 && line_start != std::string_view::npos; --lines) {
    line_start = source.find('\n', line_start + 1);
  }
  if (line_start == std::string_view::npos) return scalar.place;
  const std::string_view file_line = line_around(source, line_start + 1);
  const std::string_view text_line = line_around(content, offset);
  const std::size_t indentation = file_line.size() - std::min(file_line.size(), text_line.size());
  const std::size_t in_line = offset - (before.rfind('\n') + 1);
  return place_of(source, line_start + 1 + indentation + in_line);
}

std::string_view YamlDocument::rest_of_line(const YamlNode& scalar) const {
  if (scalar.style != YamlNode::Style::Plain) return {};
  const std::string_view rest = std::string_view(text).substr(scalar.offset + scalar.text.size());
  return rest.substr(0, rest.find('\n'));
}

bool read_yaml(std::string_view text, const std::string& file, YamlDocument& document,
               Diagnostics& diagnostics) {
  document = YamlDocument{file, "", {}};
  if (text.size() > kYamlMaximumBytes) {
    diagnostics.push_back(diagnostic_at(file, {}, too_long(text.size())));
    return false;
  }
  if (const std::optional<Fault> fault = find_fault(text)) {
    diagnostics.push_back(
        diagnostic_at(file, place_of(text, fault->offset), fault->message, fault->advice));
    return false;
  }
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.substr(0, kByteOrderMark.size()) == kByteOrderMark)
    text.remove_prefix(kByteOrderMark.size());
  document.text = with_plain_line_ends(text);

  TreeBuilder builder(document, diagnostics);
  try {
    std::istringstream stream(document.text);
    YAML::Parser parser(stream);
    if (parser.HandleNextDocument(builder)) parser.HandleNextDocument(builder);
  } catch (const OverBudget& over) {
    diagnostics.push_back(over.diagnostic);
    return false;
  } catch (const YAML::Exception& exception) {
    diagnostics.push_back(explain(exception, document));
    return false;
  }
  return !builder.complained();
}

bool read_text_file(const std::string& path, std::string& text, Diagnostics& diagnostics) {
  const auto refuse = [&](std::string message) {
    diagnostics.push_back(diagnostic_at(path, {}, std::move(message)));
    return false;
  };
  struct stat status = {};
  if (stat(path.c_str(), &status) != 0) {
    return refuse(fmt::format("cannot be read: {}", std::strerror(errno)));
  }
  if (!S_ISREG(status.st_mode)) return refuse("is not a file");
  if (static_cast<std::size_t>(status.st_size) > kYamlMaximumBytes) {
    return refuse(too_long(static_cast<std::size_t>(status.st_size)));
  }
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"),
                                                             &std::fclose);
  if (!file) return refuse(fmt::format("cannot be read: {}", std::strerror(errno)));
  // One byte more than allowed, so that a file that grew meanwhile is refused by read_yaml().
  text.resize(kYamlMaximumBytes + 1);
  text.resize(std::fread(text.data(), 1, text.size(), file.get()));
  if (std::ferror(file.get()) != 0)
    return refuse(fmt::format("cannot be read: {}", std::strerror(errno)));
  return true;
}

}  // namespace conformance
