#include "cli/help_layout.h"

#include <sstream>

namespace linkwright {
namespace {

constexpr size_t kTerminalColumns = 80;
constexpr size_t kNameColumns = 30;  // CLI11's own, with the indentation

}  // namespace

std::string wrapped(std::string text, size_t width) {
  size_t line = 0;
  size_t last_blank = std::string::npos;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') {
      line = i + 1;
      last_blank = std::string::npos;
    } else if (text[i] == ' ') {
      last_blank = i;
    }
    if (i + 1 - line > width && last_blank != std::string::npos) {
      text[last_blank] = '\n';
      line = last_blank + 1;
      last_blank = std::string::npos;
    }
  }
  return text;
}

HelpLayout::HelpLayout() { column_width(kNameColumns); }

std::string HelpLayout::make_option_desc(const CLI::Option* option) const {
  return wrapped(option->get_description(), kTerminalColumns - kNameColumns);
}

std::string HelpLayout::make_subcommand(const CLI::App* command) const {
  std::stringstream out;
  CLI::detail::format_help(out, command->get_display_name(true),
                           wrapped(command->get_description(), kTerminalColumns - kNameColumns), kNameColumns);
  return out.str();
}

std::string HelpLayout::make_description(const CLI::App* command) const {
  return wrapped(CLI::Formatter::make_description(command), kTerminalColumns);
}

}  // namespace linkwright
