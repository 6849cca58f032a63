// JUnit must be XML whatever a port printed: a small checker of well-formedness reads all of it.
#include <gmock/gmock.h>
#include <map>
#include <random>

#include "conformance/outcome/value_spelling.h"
#include "conformance/report/report.h"
#include "conformance/report/report_test_support.h"
#include "conformance/report/xml_text.h"

namespace conformance {

namespace {

using testing::HasSubstr;
using testing::Not;

struct Element {
  std::string name;
  std::map<std::string, std::string> attributes;
};

// The part of XML 1.0 that JUnit needs: declaration, elements, attributes, the five named
// references and decimal ones. Not namespaces, comments, CDATA or doctypes: those are errors here.
// complaint() is empty for a well-formed document.
class XmlChecker {
 public:
  explicit XmlChecker(std::string_view text) : text_(text) { document(); }

  const std::string& complaint() const { return complaint_; }
  const std::vector<Element>& elements() const { return elements_; }
  int count(const std::string& name) const {
    return static_cast<int>(std::count_if(elements_.begin(), elements_.end(),
                                          [&](const Element& one) { return one.name == name; }));
  }

 private:
  void fail(const std::string& what) {
    if (complaint_.empty()) complaint_ = what + " at " + std::to_string(at_);
  }
  bool take(std::string_view wanted) {
    if (text_.substr(at_, wanted.size()) != wanted) return false;
    at_ += wanted.size();
    return true;
  }
  void blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
  }
  std::string name() {
    const std::size_t from = at_;
    while (at_ < text_.size() && text_[at_] >= 'a' && text_[at_] <= 'z') ++at_;
    if (at_ == from) fail("no name");
    return std::string(text_.substr(from, at_ - from));
  }

  void document() {
    if (!take("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")) fail("no declaration");
    element();
    blanks();
    if (at_ != text_.size()) fail("something follows");
  }

  void element() {
    if (!take("<")) return fail("no element");
    Element one{name(), {}};
    const std::string own = one.name;
    while (complaint_.empty() && take(" ")) {
      const std::string key = name();
      if (!take("=\"")) return fail("no value");
      const std::string value = characters('"');
      if (!take("\"")) return fail("the value has no end");
      if (!one.attributes.emplace(key, value).second) return fail("an attribute twice");
    }
    elements_.push_back(std::move(one));
    if (take("/>")) return;
    if (!take(">")) return fail("the tag has no end");
    while (complaint_.empty() && at_ < text_.size()) {
      characters('<');
      if (take("</")) {
        if (name() != own || !take(">")) fail("another element ends");
        return;
      }
      element();
    }
    fail("an element has no end");
  }

  // Up to `end`, which is not taken.
  std::string characters(char end) {
    std::string value;
    while (at_ < text_.size() && text_[at_] != end && complaint_.empty()) {
      if (text_[at_] == '<' || text_.substr(at_, 3) == "]]>") {
        fail("markup in text");
      } else if (text_[at_] == '&') {
        reference(value);
      } else {
        character(value);
      }
    }
    return value;
  }

  void reference(std::string& value) {
    const std::pair<std::string_view, char> known[] = {
        {"&amp;", '&'},  {"&lt;", '<'},   {"&gt;", '>'}, {"&quot;", '"'},
        {"&#10;", '\n'}, {"&#13;", '\r'}, {"&#9;", '\t'}};
    for (const auto& [text, meaning] : known) {
      if (!take(text)) continue;
      value += meaning;
      return;
    }
    fail("an unknown reference");
  }

  void character(std::string& value) {
    const std::size_t from = at_;
    char32_t one = 0;
    if (!next_utf8(text_, at_, one)) return fail("bytes that are not UTF-8");
    const bool allowed = one == '\n' || one == '\t' || (one >= 0x20 && one < 0xd800) ||
                         (one >= 0xe000 && one < 0xfffe) || one >= 0x10000;
    if (!allowed) fail("a character that XML cannot hold");
    value += text_.substr(from, at_ - from);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string complaint_;
  std::vector<Element> elements_;
};

std::vector<Result> one_of_each_verdict() {
  std::vector<Result> results;
  for (const Verdict verdict : all_verdicts()) {
    results.push_back(result_of("list/one_list/case_" + std::string(to_string(verdict)), verdict,
                                "a <reason> & \"more\""));
    results.back().observation.seconds = 0.5;
  }
  return results;
}

// The element with that value of that attribute, and what follows it directly.
std::string mark_of(const XmlChecker& xml, const std::string& case_name) {
  const std::vector<Element>& elements = xml.elements();
  for (std::size_t at = 0; at < elements.size(); ++at) {
    const auto name = elements[at].attributes.find("name");
    if (elements[at].name != "testcase" || name->second != case_name) continue;
    const std::string next = at + 1 < elements.size() ? elements[at + 1].name : "";
    return next == "failure" || next == "error" || next == "skipped" ? next : "green";
  }
  return "missing";
}

TEST(XmlChecker, RefusesWhatIsNotWellFormed) {
  const std::string head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  EXPECT_EQ(XmlChecker(head + "<a b=\"c\">&lt;<d/></a>\n").complaint(), "");
  for (const char* body : {"<a>", "<a></b>", "<a b=\"<\"/>", "<a>&x;</a>", "<a>]]></a>", "<a/><a/>",
                           "<a b=\"1\" b=\"2\"/>", "<a>\x01</a>", "<a>\xff</a>", "<a b=\"c/>", "",
                           "<a>\xed\xa0\x80</a>", "<a>\xef\xbf\xbf</a>", "<a>&</a>"}) {
    EXPECT_NE(XmlChecker(head + body).complaint(), "") << body;
  }
}

TEST(Junit, FailuresErrorsAndSkipsAreDistinctAndCounted) {
  const XmlChecker xml(to_junit(header_of_run(), one_of_each_verdict()));
  ASSERT_EQ(xml.complaint(), "");
  EXPECT_EQ(xml.count("testcase"), 16);
  EXPECT_EQ(xml.count("failure"), 7);
  EXPECT_EQ(xml.count("error"), 3);
  EXPECT_EQ(xml.count("skipped"), 4);
  for (const char* suite : {"testsuites", "testsuite"}) {
    const auto found = std::find_if(xml.elements().begin(), xml.elements().end(),
                                    [&](const Element& one) { return one.name == suite; });
    EXPECT_EQ(found->attributes.at("tests"), "16");
    EXPECT_EQ(found->attributes.at("failures"), "7");
    EXPECT_EQ(found->attributes.at("errors"), "3");
    EXPECT_EQ(found->attributes.at("skipped"), "4");
    EXPECT_EQ(found->attributes.at("time"), "8.000");
  }
}

TEST(Junit, WhatFailsARunIsRedAndNothingElse) {
  const XmlChecker xml(to_junit(header_of_run(), one_of_each_verdict()));
  for (const Verdict verdict : all_verdicts()) {
    const std::string mark = mark_of(xml, "case_" + std::string(to_string(verdict)));
    EXPECT_EQ(mark == "failure" || mark == "error", is_failure(verdict)) << to_string(verdict);
    const bool green = verdict == Verdict::passed || verdict == Verdict::unspecified;
    EXPECT_EQ(mark == "green", green) << to_string(verdict);
  }
  EXPECT_EQ(mark_of(xml, "case_void"), "error");
  EXPECT_EQ(mark_of(xml, "case_crashed"), "failure");
}

TEST(Junit, ACaseStandsInTheSuiteOfItsPortAndFamilyAtItsPlaceInTheYaml) {
  std::vector<Result> results = {result_of("list/one_list/append[a]@inherit", Verdict::passed),
                                 result_of("dict/get/first", Verdict::passed)};
  results.push_back(results.front());
  results.back().port = "pypy3";
  const XmlChecker xml(to_junit(header_of_run(), results));
  ASSERT_EQ(xml.complaint(), "");
  std::vector<std::string> suites;
  for (const Element& one : xml.elements()) {
    if (one.name == "testsuite") suites.push_back(one.attributes.at("name"));
    if (one.name != "testcase" || one.attributes.at("name") != "append[a]@inherit") continue;
    EXPECT_EQ(one.attributes.at("file"), "specs/list/one_list.yaml");
    EXPECT_EQ(one.attributes.at("line"), "14");
    EXPECT_THAT(one.attributes.at("classname"), testing::EndsWith(".list/one_list"));
  }
  EXPECT_THAT(suites, testing::ElementsAre("pypy3.list/one_list", "python3.14t.dict/get",
                                           "python3.14t.list/one_list"));
}

TEST(Junit, AnIdWithoutAFamilyIsACaseAllTheSame) {
  const XmlChecker xml(to_junit(header_of_run(), {result_of("append", Verdict::passed)}));
  const Element& last = xml.elements().back();
  EXPECT_EQ(last.attributes.at("name"), "append");
  EXPECT_EQ(last.attributes.at("classname"), "python3.14t.");
}

TEST(Junit, PropertiesHoldTheRunAndTheFactsOfThePort) {
  const XmlChecker xml(
      to_junit(header_of_run(), {result_of("list/one_list/append", Verdict::passed)}));
  std::map<std::string, std::string> properties;
  for (const Element& one : xml.elements()) {
    if (one.name == "property") properties[one.attributes.at("name")] = one.attributes.at("value");
  }
  EXPECT_EQ(properties["seed"], "7");
  EXPECT_EQ(properties["fact.version"], "3.14.0");
  EXPECT_EQ(properties["fact.parallel"], "True");
  EXPECT_EQ(properties["command"], "/usr/bin/python3.14t");
}

TEST(Junit, AFailureCarriesReasonTableAndRepeatCommand) {
  const std::string xml = to_junit(header_of_run(), {failed_append()});
  EXPECT_EQ(XmlChecker(xml).complaint(), "");
  EXPECT_THAT(xml, HasSubstr("<failure type=\"failed\" message=\"failed: forbidden: left=1"));
  EXPECT_THAT(xml, HasSubstr("10 210 overlapped"));
  EXPECT_THAT(xml, HasSubstr("repeat: heddle run"));
  EXPECT_THAT(xml, Not(HasSubstr("\x1b")));
}

TEST(Junit, IsWellFormedWhateverAPortPrinted) {
  for (unsigned seed = 1; seed <= 300; ++seed) {
    std::mt19937 random(seed);
    const auto noise = [&] {
      std::string text;
      for (unsigned more = random() % 40; more > 0; --more) {
        const char* pieces[] = {"]]>",
                                "<![CDATA[",
                                "&",
                                "<",
                                "\"",
                                "'",
                                "\xc3",
                                "\xed\xa0\x80",
                                "\xf4\x90\x80\x80",
                                "\xef\xbf\xbe",
                                "\xc3\xa4",
                                "-->",
                                "\r",
                                "\n",
                                "/"};
        text += random() % 2 == 0 ? pieces[random() % std::size(pieces)]
                                  : std::string(1, static_cast<char>(random() % 256));
      }
      return text;
    };
    Result result = failed_append();
    for (std::string* text : {&result.id, &result.port, &result.claim, &result.reason, &result.file,
                              &result.repeat, &result.outcomes[0].text, &result.outcomes[0].because,
                              &result.observation.stacks, &result.observation.error_output}) {
      *text = noise();
    }
    result.verdict = all_verdicts()[random() % all_verdicts().size()];
    RunHeader header = header_of_run();
    header.ports[0].name = result.port;
    header.ports[0].version = noise();
    header.ports[0].facts[noise()] = noise();
    const XmlChecker xml(to_junit(header, {result, result}));
    ASSERT_EQ(xml.complaint(), "") << "seed " << seed;
    ASSERT_EQ(xml.count("testcase"), 2) << "seed " << seed;
  }
}

TEST(Junit, OfNothingIsADocumentToo) {
  EXPECT_EQ(XmlChecker(to_junit(header_of_run(), {})).complaint(), "");
}

TEST(XmlText, WhatCanBeHeldIsHeld) {
  EXPECT_EQ(xml_content("a<b>&\"\n\t\xc3\xa4"), "a&lt;b&gt;&amp;&quot;\n\t\xc3\xa4");
  EXPECT_EQ(xml_attribute("a\n\tb"), "a&#10;&#9;b");
  EXPECT_EQ(xml_content(std::string_view("a\0b", 3)),
            "a\xef\xbf\xbd"
            "b");
  EXPECT_EQ(xml_content("\xf0\x9f\x98\x80"), "\xf0\x9f\x98\x80");
}

}  // namespace

}  // namespace conformance
