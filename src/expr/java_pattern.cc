#include "expr/java_pattern.h"

#include <algorithm>
#include <array>
#include <utility>

namespace linkwright {
namespace {

constexpr auto kClasses = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"alnum", "Alnum"},
    {"alpha", "Alpha"},
    {"ascii", "ASCII"},
    {"blank", "Blank"},
    {"cntrl", "Cntrl"},
    {"digit", "Digit"},
    {"graph", "Graph"},
    {"lower", "Lower"},
    {"print", "Print"},
    {"punct", "Punct"},
    {"space", "Space"},
    {"upper", "Upper"},
    {"xdigit", "XDigit"},
});

/// Goes through a pattern once, from construct to construct.
class JavaPattern {
 public:
  explicit JavaPattern(std::string_view pattern) : rest_(pattern) {}

  std::string text() && {
    while (!rest_.empty()) {
      if (is_in_brackets_) {
        bracket_item();
      } else {
        item();
      }
    }
    return has_dot_ ? "(?d)" + java_ : java_;  // Java's name for lines that only \n ends
  }

 private:
  void take(size_t size) {
    java_ += rest_.substr(0, size);
    rest_.remove_prefix(std::min(size, rest_.size()));
  }

  void replace(std::string_view from, std::string_view to) {
    java_ += to;
    rest_.remove_prefix(from.size());
  }

  bool escape() {
    if (rest_[0] != '\\') return false;
    if (!rest_.starts_with("\\Q")) {
      take(2);
      return true;
    }
    const size_t end = rest_.find("\\E");
    take(end == std::string_view::npos ? rest_.size() : end + 2);
    return true;
  }

  void item() {
    if (escape()) return;
    if (rest_.starts_with("(?P<")) return replace("(?P<", "(?<");
    if (rest_.starts_with("(?i)")) return replace("(?i)", "(?iu)");
    if (rest_[0] == '$') return replace("$", "\\z");
    if (rest_[0] == '.') has_dot_ = true;
    if (rest_[0] != '[') return take(1);
    is_in_brackets_ = true;
    take(rest_.starts_with("[^") ? 2 : 1);
    if (rest_.starts_with("]")) replace("]", "\\]");  // the first one stands for itself
  }

  void bracket_item() {
    if (escape() || named_class()) return;
    if (rest_[0] == '[') return replace("[", "\\[");
    if (rest_.starts_with("&&")) return replace("&", "\\&");
    if (rest_[0] == ']') is_in_brackets_ = false;
    take(1);
  }

  bool named_class() {
    if (!rest_.starts_with("[:")) return false;
    const size_t end = rest_.find(":]");
    if (end == std::string_view::npos) return false;
    std::string_view name = rest_.substr(2, end - 2);
    const bool is_negated = name.starts_with('^');
    if (is_negated) name.remove_prefix(1);
    const auto* const found =
        std::find_if(kClasses.begin(), kClasses.end(), [&](const auto& known) { return known.first == name; });
    const std::string_view whole = rest_.substr(0, end + 2);
    if (name == "word") {
      replace(whole, is_negated ? "\\W" : "\\w");
    } else if (found != kClasses.end()) {
      replace(whole, std::string(is_negated ? "\\P{" : "\\p{") + std::string(found->second) + "}");
    } else {
      return false;
    }
    return true;
  }

  std::string_view rest_;
  std::string java_;
  bool is_in_brackets_ = false;
  bool has_dot_ = false;
};

}  // namespace

std::string java_pattern(std::string_view pattern) { return JavaPattern(pattern).text(); }

}  // namespace linkwright
