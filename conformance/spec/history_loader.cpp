#include "conformance/spec/history_loader.h"

#include <algorithm>
#include <fmt/format.h>
#include <string_view>

namespace conformance {
namespace {

constexpr std::int64_t kMostThreads = 16, kMostOperations = 64, kMostWeight = 1000;
constexpr std::int64_t kMostBound = 1'000'000;

class HistoryReader {
 public:
  HistoryReader(Reading& reading, const Fields& fields) : reading_(reading), fields_(fields) {}

  HistoryClaim read() {
    if (const YamlNode* model = fields_.find("model")) {
      claim_.model_line = model->place.line;
      if (const auto index = reading_.word(*model, "'model'", kModelWords)) {
        claim_.model = kModelWords.words[*index];
      }
    } else {
      reading_.error(fields_.node(), "a history needs 'model'", "one of: " + models());
    }
    read_number("threads", 2, kMostThreads, claim_.threads);
    read_number("operations", 1, kMostOperations, claim_.operations);
    if (const YamlNode* table = fields_.find("table")) read_table(*table);
    if (const YamlNode* program = fields_.find("program")) {
      claim_.program = reading_.python(*program, "'program'");
      refuse_beside_program("threads", "it has a thread for each line");
      refuse_beside_program("operations", "its lines say how many");
      claim_.threads = static_cast<int>(
          1 + std::count(claim_.program.text.begin(), claim_.program.text.end(), '\n'));
      if (claim_.threads > kMostThreads) {
        reading_.error(*program, fmt::format("'program' has {} lines; a history has at most {} "
                                             "threads",
                                             claim_.threads, kMostThreads));
      }
    }
    if (const YamlNode* initial = fields_.find("initial")) {
      claim_.initial = reading_.python(*initial, "'initial'").text;
    }
    if (const YamlNode* bound = fields_.find("bound")) {
      claim_.bound = number_in(*bound, "bound", 0, kMostBound);
    }
    if (const YamlNode* final = fields_.find("final")) {
      claim_.final = reading_.python(*final, "'final'");
    }
    return std::move(claim_);
  }

 private:
  static std::string models() {
    std::string text;
    for (const std::string_view word : kModelWords.words) {
      text += (text.empty() ? "" : ", ") + std::string(word);
    }
    return text;
  }

  std::optional<std::int64_t> number_in(const YamlNode& node, std::string_view key,
                                        std::int64_t least, std::int64_t most) {
    const auto number = reading_.integer(node, fmt::format("'{}'", key));
    if (!number) return std::nullopt;
    if (*number >= least && *number <= most) return number;
    reading_.error(
        node, fmt::format("'{}' must be from {} to {} here, found {}", key, least, most, *number));
    return std::nullopt;
  }

  void read_number(std::string_view key, std::int64_t least, std::int64_t most, int& value) {
    const YamlNode* node = fields_.find(key);
    if (node == nullptr) return;
    value = static_cast<int>(number_in(*node, key, least, most).value_or(value));
  }

  void refuse_beside_program(std::string_view key, const char* why) {
    if (const YamlNode* node = fields_.find_key(key)) {
      reading_.error(*node, fmt::format("a history with 'program' has no '{}'", key), why);
    }
  }

  void read_table(const YamlNode& node) {
    for (const auto& [key, value] : reading_.entries(node, "'table'")) {
      HistoryMethod method;
      method.name = reading_.identifier(*key, "a method's name");
      method.line = key->place.line;
      const YamlNode* weight = value;
      if (value->is_map()) {
        const Fields row(reading_, *value, kMethodMapping);
        weight = row.find("weight");
        if (const YamlNode* code = row.find("do")) method.code = reading_.python(*code, "'do'");
      }
      if (weight != nullptr) {
        method.weight = static_cast<int>(number_in(*weight, "weight", 1, kMostWeight).value_or(1));
      }
      claim_.table.push_back(std::move(method));
    }
  }

  Reading& reading_;
  const Fields& fields_;
  HistoryClaim claim_;
};

}  // namespace

HistoryClaim read_history(Reading& reading, const Fields& fields) {
  return HistoryReader(reading, fields).read();
}

}  // namespace conformance
