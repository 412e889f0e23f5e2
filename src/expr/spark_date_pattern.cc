#include "expr/spark_date_pattern.h"

#include "expr/date_format.h"

namespace linkwright {
namespace {

struct JavaField {
  std::string_view padded;
  std::string_view plain;
  bool reads = true;
};

JavaField java_field(char specifier) {
  switch (specifier) {
    case 'Y':
      return {"yyyy", "y"};
    case 'y':
      return {"yy", "yy", false};  // Java reads '90' as 2090
    case 'm':
      return {"MM", "M"};
    case 'd':
      return {"dd", "d"};
    case 'j':
      return {"DDD", "D"};
    case 'H':
      return {"HH", "H"};
    case 'I':
      return {"hh", "h"};
    case 'M':
      return {"mm", "m"};
    case 'S':
      return {"ss", "s"};
    case 'f':
      return {"SSSSSS", "SSSSSS"};
    case 'g':
      return {"SSS", "SSS"};
    case 'n':
      return {"SSSSSSSSS", "SSSSSSSSS"};
    case 'B':
      return {"MMMM", "MMMM"};
    case 'b':
      return {"MMM", "MMM"};
    case 'p':
      return {"a", "a"};
    case 'z':
      return {"xx", "xx"};
    case 'A':
      return {"EEEE", "EEEE", false};
    case 'a':
      return {"EEE", "EEE", false};
    default:
      return {"", ""};
  }
}

// Letters and quotes have a meaning in Java's patterns, unless they are quoted.
std::string quoted_literal(std::string_view text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'') result += '\'';
    result += c;
  }
  return result + "'";
}

bool needs_quotes(std::string_view text) {
  for (const char c : text) {
    const bool is_plain =
        c == '-' || c == '/' || c == '.' || c == ':' || c == ' ' || c == ',' || (c >= '0' && c <= '9');
    if (!is_plain) return true;
  }
  return false;
}

}  // namespace

Result<std::string> spark_date_pattern(std::string_view format, bool for_reading) {
  ARROW_ASSIGN_OR_RAISE(const DateFormat parsed, DateFormat::make(format));
  const std::vector<DateFormat::Part>& parts = parsed.parts();
  std::string pattern;
  for (size_t i = 0; i < parts.size(); ++i) {
    const DateFormat::Part& part = parts[i];
    if (part.specifier == 0) {
      pattern += needs_quotes(part.literal) ? quoted_literal(part.literal) : part.literal;
      continue;
    }
    const JavaField field = java_field(part.specifier);
    if (field.padded.empty() || (for_reading && !field.reads)) {
      return Status::NotImplemented("Spark SQL has no equal of %", std::string(1, part.specifier),
                                    " in the date format '", format, "'");
    }
    // Fields that touch need their full width, or Java could not tell where one ends.
    const bool touches =
        (i > 0 && parts[i - 1].specifier != 0) || (i + 1 < parts.size() && parts[i + 1].specifier != 0);
    pattern += (for_reading ? touches : part.is_padded) ? field.padded : field.plain;
  }
  return pattern;
}

}  // namespace linkwright
