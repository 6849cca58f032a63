// A command as typed, or a port file: heddle, command, environment, lacks, expectations, sanitizer.
//
// Whether the command exists is found out when it is started: only then is its PATH known.
#include "conformance/ports/port.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include "conformance/spec/advice.h"
#include "conformance/spec/fields.h"
#include "conformance/spec/yaml_reader.h"

namespace conformance {

namespace {

namespace files = std::filesystem;

constexpr std::array<Key, 6> kPortKeys = {{{"heddle", true},
                                           {"command", true},
                                           {"environment"},
                                           {"lacks"},
                                           {"expectations"},
                                           {"sanitizer"}}};
constexpr Mapping kPortMapping = {.name = "a port file", .definition = "", .keys = kPortKeys};
constexpr std::array<Key, 2> kLackKeys = {{{"feature", true}, {"because", true}}};
constexpr Mapping kLackMapping = {
    .name = "an entry of 'lacks'", .definition = "", .keys = kLackKeys};
constexpr std::array<std::string_view, 2> kSanitizers = {"thread", "address"};
constexpr Words kSanitizerWords = {"sanitizer", kSanitizers};

std::vector<std::string> read_command(Reading& reading, const YamlNode& node) {
  std::vector<std::string> command;
  if (node.is_sequence()) {
    for (const YamlNode& word : reading.list(node, "'command'")) {
      command.push_back(reading.text_or_nothing(word, "a word of 'command'"));
    }
  } else {
    std::string error;
    command = split_command(reading.text(node, "'command'"), error);
    if (!error.empty()) reading.error(node, "'command': " + error);
  }
  if (reading.good() && (command.empty() || command[0].empty()))
    reading.error(node, "'command' names no program");
  return command;
}

// `NAME:` without a value takes the variable away, which ChildCommand spells "-NAME".
std::map<std::string, std::string> read_environment(Reading& reading, const YamlNode& node) {
  std::map<std::string, std::string> environment;
  for (const auto& [key, value] : reading.entries(node, "'environment'")) {
    const std::string name = reading.text(*key, "the name of a variable");
    if (name.find('=') != std::string::npos) {
      reading.error(*key, "the name of a variable cannot hold '='", "write NAME: value");
    } else if (value->type == YamlNode::Type::Null) {
      environment["-" + name] = "";
    } else {
      environment[name] = reading.text_or_nothing(*value, "'" + name + "'");
    }
  }
  return environment;
}

std::vector<MissingFeature> read_lacks(Reading& reading, const YamlNode& node) {
  std::vector<MissingFeature> lacks;
  for (const YamlNode& row : reading.list(node, "'lacks'")) {
    const Fields fields(reading, row, kLackMapping);
    MissingFeature missing;
    if (const YamlNode* feature = fields.find("feature"))
      missing.feature = reading.identifier(*feature, "'feature'");
    if (const YamlNode* because = fields.find("because"))
      missing.because = reading.text(*because, "'because'");
    const bool twice = std::any_of(lacks.begin(), lacks.end(), [&](const MissingFeature& known) {
      return known.feature == missing.feature;
    });
    if (twice && !missing.feature.empty())
      reading.error(row, "'" + missing.feature + "' is lacking twice");
    lacks.push_back(std::move(missing));
  }
  return lacks;
}

std::string read_expectations(Reading& reading, const YamlNode& node, const files::path& beside) {
  const std::string text = reading.text(node, "'expectations'");
  if (text.empty()) return {};
  const files::path path = (beside / text).lexically_normal();  // an absolute path stays
  std::error_code error;
  if (!files::is_regular_file(path, error))
    reading.error(node, "'expectations': no such file: " + path.string());
  return path.string();
}

std::optional<Port> load_port(const std::string& path, const std::string& name,
                              Diagnostics& diagnostics) {
  std::string text;
  YamlDocument document;
  if (!read_text_file(path, text, diagnostics) || !read_yaml(text, path, document, diagnostics))
    return std::nullopt;
  Reading reading(document, {}, diagnostics);
  if (!reading.check_version()) return std::nullopt;
  const Fields fields(reading, reading.root(), kPortMapping);
  Port port;
  port.name = name;
  if (const YamlNode* node = fields.find("command")) port.command = read_command(reading, *node);
  if (const YamlNode* node = fields.find("environment"))
    port.environment = read_environment(reading, *node);
  if (const YamlNode* node = fields.find("lacks")) port.lacks = read_lacks(reading, *node);
  if (const YamlNode* node = fields.find("expectations")) {
    port.expectations = read_expectations(reading, *node, files::path(path).parent_path());
  }
  if (const YamlNode* node = fields.find("sanitizer")) {
    if (const auto word = reading.word(*node, "'sanitizer'", kSanitizerWords))
      port.sanitizer = kSanitizers[*word];
  }
  if (!reading.good()) return std::nullopt;
  return port;
}

bool is_port_file_path(const std::string& text) {
  return text.find_first_of(" \t\n") == std::string::npos &&
         (text.ends_with(".yaml") || text.ends_with(".yml"));
}

Diagnostic complaint(const std::string& message, const std::string& advice = "") {
  return {"", 0, 0, message, advice, Severity::Error};
}

// heddle-python and heddle-python-gil as the first word of a command: the one that was built beside
// this program, or, as the GIL build is another build, in the folder of that preset. Elsewhere on
// PATH if there is neither.
void find_own_python(Port& port, const files::path& folder) {
  if (port.command.empty()) return;
  std::string& word = port.command[0];
  if (word != "heddle-python" && word != "heddle-python-gil") return;
  std::error_code ignored;
  for (const files::path& place : {folder, folder / "../../gil/bin"}) {
    if (files::is_regular_file(place / word, ignored)) {
      word = (place / word).lexically_normal().string();
      return;
    }
  }
}

std::optional<Port> own_port(const std::string& name, const std::string& program,
                             Diagnostics& diagnostics) {
  std::error_code error;
  if (!files::is_regular_file(program, error)) {
    diagnostics.push_back(complaint("the port '" + name + "' is not built: no " + program));
    return std::nullopt;
  }
  Port port;
  port.name = name;
  port.command = {program};
  return port;
}

}  // namespace

std::vector<std::string> split_command(std::string_view text, std::string& error) {
  std::vector<std::string> words;
  std::string word;
  bool in_word = false;
  char quote = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char byte = text[at];
    if (quote == '\'') {
      if (byte == quote)
        quote = 0;
      else
        word += byte;
    } else if (byte == '\\') {
      const bool last = at + 1 == text.size();
      if (last) {
        error = "a backslash with nothing behind it";
        return {};
      }
      const char next = text[++at];
      // Between double quotes a backslash is itself except before these.
      if (quote == '"' && std::string_view("\"\\$`\n").find(next) == std::string_view::npos)
        word += byte;
      if (next != '\n') word += next;
      in_word = in_word || next != '\n';
    } else if (quote != 0) {
      if (byte == quote)
        quote = 0;
      else
        word += byte;
    } else if (byte == '\'' || byte == '"') {
      quote = byte;
      in_word = true;
    } else if (byte == ' ' || byte == '\t' || byte == '\n') {
      if (in_word) words.push_back(std::move(word));
      word.clear();
      in_word = false;
    } else {
      word += byte;
      in_word = true;
    }
  }
  if (quote != 0) {
    error = std::string("a ") + quote + " without its partner";
    return {};
  }
  if (in_word) words.push_back(std::move(word));
  return words;
}

namespace {

std::optional<Port> find_port_as_written(const std::string& text, const std::string& directory,
                                         const std::string& fake_program,
                                         Diagnostics& diagnostics) {
  std::error_code ignored;
  if (text == "fake") return own_port(text, fake_program, diagnostics);
  if (text == "reference") {
    std::optional<Port> port = own_port(
        text, (files::path(fake_program).parent_path() / "heddle-python").string(), diagnostics);
    const files::path known = files::path(directory) / "expectations" / "reference.yaml";
    if (port && files::is_regular_file(known, ignored)) port->expectations = known.string();
    return port;
  }
  if (is_port_file_path(text))
    return load_port(text, files::path(text).stem().string(), diagnostics);
  const bool may_be_name =
      !text.empty() && text.find_first_of("/ \t\n\"'\\") == std::string::npos && text[0] != '.';
  const files::path named = files::path(directory) / (text + ".yaml");
  if (may_be_name && files::is_regular_file(named, ignored))
    return load_port(named.string(), text, diagnostics);
  std::string error;
  Port port;
  port.name = text;
  port.command = split_command(text, error);
  if (error.empty() && (port.command.empty() || port.command[0].empty()))
    error = "it names no program";
  if (!error.empty()) {
    diagnostics.push_back(complaint("--port '" + text + "': " + error,
                                    "a name of " + directory + ", a .yaml file, or a command"));
    return std::nullopt;
  }
  return port;
}

}  // namespace

std::optional<Port> find_port(const std::string& text, const std::string& directory,
                              const std::string& fake_program, Diagnostics& diagnostics) {
  std::optional<Port> port = find_port_as_written(text, directory, fake_program, diagnostics);
  if (port) find_own_python(*port, files::path(fake_program).parent_path());
  return port;
}

}  // namespace conformance
