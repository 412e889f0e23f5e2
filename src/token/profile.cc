#include "token/profile.h"

#include <array>
#include <string>

namespace linkwright {
namespace {

constexpr std::array<ProfileTraits, 4> kProfiles = {{
    {.profile = TokenProfile::kJava113,
     .name = "java-1.13",
     .version = "1.13.2",
     .dialect = TextDialect::kJava,
     .transliterates = false,
     .drops_every_mark = true,
     .repeats_titles_and_suffixes = false,
     .has_long_ssn_list = false,
     .knows_date_of_birth = true,
     .knows_ssn = false,
     .counts_distinct_rows = false,
     .default_format = TokenFormat::kEncryptedHash},
    {.profile = TokenProfile::kPython113,
     .name = "py-1.13",
     .version = "1.13.2",
     .dialect = TextDialect::kPython,
     .transliterates = false,
     .drops_every_mark = false,
     .repeats_titles_and_suffixes = false,
     .has_long_ssn_list = false,
     .knows_date_of_birth = false,
     .knows_ssn = false,
     .counts_distinct_rows = false,
     .default_format = TokenFormat::kEncryptedHash},
    {.profile = TokenProfile::kJava21,
     .name = "java-2.1",
     .version = "2.1.2",
     .dialect = TextDialect::kJava,
     .transliterates = true,
     .drops_every_mark = true,
     .repeats_titles_and_suffixes = false,
     .has_long_ssn_list = true,
     .knows_date_of_birth = true,
     .knows_ssn = false,
     .counts_distinct_rows = false,
     .default_format = TokenFormat::kMatchToken},
    {.profile = TokenProfile::kPython22,
     .name = "py-2.2",
     .version = "2.2.1",
     .dialect = TextDialect::kPython,
     .transliterates = true,
     .drops_every_mark = true,
     .repeats_titles_and_suffixes = true,
     .has_long_ssn_list = true,
     .knows_date_of_birth = true,
     .knows_ssn = true,
     .counts_distinct_rows = true,
     .default_format = TokenFormat::kMatchToken},
}};

}  // namespace

const ProfileTraits& profile_traits(TokenProfile profile) { return kProfiles[static_cast<size_t>(profile)]; }

std::string_view token_profile_name(TokenProfile profile) { return profile_traits(profile).name; }

Result<TokenProfile> parse_token_profile(std::string_view name) {
  std::string known;
  for (const ProfileTraits& traits : kProfiles) {
    if (traits.name == name) return traits.profile;
    known += known.empty() ? "" : ", ";
    known += traits.name;
  }
  return Status::Invalid("unknown token profile '", name, "'; choose one of ", known);
}

}  // namespace linkwright
