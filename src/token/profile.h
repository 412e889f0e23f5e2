#pragma once

#include <string_view>

#include "base/status.h"
#include "linkwright/token.h"
#include "token/text_dialect.h"

namespace linkwright {

/// How one reference implementation treats a person's attributes. The reference programs do not agree with each other
/// on odd input, so every difference that changes a token is named here and nowhere else.
struct ProfileTraits {
  TokenProfile profile;
  std::string_view name;     // as the command line and the metadata spell it
  std::string_view version;  // of the reference program
  TextDialect dialect;
  bool transliterates;               // "Ł" becomes "L" before accents are dropped (2.0 and later)
  bool drops_every_mark;             // Unicode categories Mn, Mc and Me; otherwise Mn alone
  bool repeats_titles_and_suffixes;  // "Dr. Prof. Jo Smith Jr III", and only the first part of a compound first name
  bool has_long_ssn_list;            // the 54 invalid numbers of 2.1.2; otherwise the 18 of 1.x
  bool knows_date_of_birth;          // the header DateOfBirth
  bool knows_ssn;                    // the header SSN
  bool counts_distinct_rows;         // TotalRowsWithInvalidAttributes counts rows; otherwise it sums over attributes
  TokenFormat default_format;

  bool is_python() const { return dialect == TextDialect::kPython; }
};

const ProfileTraits& profile_traits(TokenProfile profile);

}  // namespace linkwright
