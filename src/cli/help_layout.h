#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace linkwright {

/// Lays out --help so that its lines fit a terminal of 80 columns: descriptions go on below themselves.
class HelpLayout : public CLI::Formatter {
 public:
  HelpLayout();
  std::string make_option_desc(const CLI::Option* option) const override;
  std::string make_subcommand(const CLI::App* command) const override;
  std::string make_description(const CLI::App* command) const override;
};

/// `text` with line breaks for blanks, so that no line is longer than `width` if its words are not.
std::string wrapped(std::string text, size_t width);

}  // namespace linkwright
