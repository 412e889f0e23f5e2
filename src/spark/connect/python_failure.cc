#include "spark/connect/python_failure.h"

namespace linkwright::spark {
namespace {

constexpr std::string_view kNoStart = "Error from python worker:";
constexpr std::string_view kTraceback = "Traceback (most recent call last):";

/// Takes the first line off a text.
std::string_view take_line(std::string_view* text) {
  const size_t end = text->find('\n');
  const std::string_view line = text->substr(0, end);
  *text = end == std::string_view::npos ? std::string_view() : text->substr(end + 1);
  return line;
}

}  // namespace

std::string python_failure(std::string_view message) {
  // The last one: those before it are of exceptions in whose handling it came about.
  const size_t traceback = message.rfind(kTraceback), no_start = message.find(kNoStart);
  const bool has_traceback = traceback != std::string_view::npos;
  if (!has_traceback && no_start == std::string_view::npos) return "";
  std::string_view rest = message.substr(has_traceback ? traceback : no_start);
  take_line(&rest);
  while (!rest.empty()) {
    const std::string_view line = take_line(&rest);
    const size_t begin = line.find_first_not_of(" \t\r"), end = line.find_last_not_of(" \t\r");
    const bool is_indented = begin != 0;  // as the calls of a traceback are
    if (begin != std::string_view::npos && !(has_traceback && is_indented)) {
      return std::string(line.substr(begin, end + 1 - begin));
    }
  }
  return "";
}

}  // namespace linkwright::spark
