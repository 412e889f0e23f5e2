#include "profile/column_role.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <optional>
#include <utility>

#include "profile/date_shape.h"

namespace linkwright {
namespace {

struct NameHint {
  ColumnRole role;
  std::string_view words;  // of a normal column name, between underscores; the first hint that fits counts
};

constexpr std::array kNameHints{
    NameHint{ColumnRole::kTruth, "cluster"},
    NameHint{ColumnRole::kTruth, "cluster_id"},
    NameHint{ColumnRole::kTruth, "entity_id"},
    NameHint{ColumnRole::kTruth, "true_id"},
    NameHint{ColumnRole::kTruth, "ground_truth"},
    NameHint{ColumnRole::kTruth, "truth"},
    NameHint{ColumnRole::kTruth, "is_duplicate"},
    NameHint{ColumnRole::kFirstName, "first_name"},
    NameHint{ColumnRole::kFirstName, "firstname"},
    NameHint{ColumnRole::kFirstName, "forename"},
    NameHint{ColumnRole::kFirstName, "forename1"},
    NameHint{ColumnRole::kFirstName, "given_name"},
    NameHint{ColumnRole::kFirstName, "givenname"},
    NameHint{ColumnRole::kFirstName, "fname"},
    NameHint{ColumnRole::kFirstName, "vorname"},
    NameHint{ColumnRole::kFirstName, "middle_name"},
    NameHint{ColumnRole::kFirstName, "prenom"},
    NameHint{ColumnRole::kLastName, "surname"},
    NameHint{ColumnRole::kLastName, "last_name"},
    NameHint{ColumnRole::kLastName, "lastname"},
    NameHint{ColumnRole::kLastName, "family_name"},
    NameHint{ColumnRole::kLastName, "familyname"},
    NameHint{ColumnRole::kLastName, "lname"},
    NameHint{ColumnRole::kLastName, "maiden_name"},
    NameHint{ColumnRole::kLastName, "nachname"},
    NameHint{ColumnRole::kCompany, "company"},
    NameHint{ColumnRole::kCompany, "organisation"},
    NameHint{ColumnRole::kCompany, "organization"},
    NameHint{ColumnRole::kCompany, "employer"},
    NameHint{ColumnRole::kCompany, "business"},
    NameHint{ColumnRole::kCompany, "firm"},
    NameHint{ColumnRole::kEmail, "email"},
    NameHint{ColumnRole::kEmail, "e_mail"},
    NameHint{ColumnRole::kEmail, "mail"},
    NameHint{ColumnRole::kPhone, "phone"},
    NameHint{ColumnRole::kPhone, "telephone"},
    NameHint{ColumnRole::kPhone, "mobile"},
    NameHint{ColumnRole::kPhone, "tel"},
    NameHint{ColumnRole::kPhone, "cell"},
    NameHint{ColumnRole::kNationalId, "ssn"},
    NameHint{ColumnRole::kNationalId, "soc_sec_id"},
    NameHint{ColumnRole::kNationalId, "social_security"},
    NameHint{ColumnRole::kNationalId, "nino"},
    NameHint{ColumnRole::kNationalId, "national_insurance"},
    NameHint{ColumnRole::kNationalId, "nhs_number"},
    NameHint{ColumnRole::kNationalId, "national_id"},
    NameHint{ColumnRole::kNationalId, "passport"},
    NameHint{ColumnRole::kNationalId, "tax_id"},
    NameHint{ColumnRole::kNationalId, "medicare"},
    NameHint{ColumnRole::kPostcode, "postcode"},
    NameHint{ColumnRole::kPostcode, "post_code"},
    NameHint{ColumnRole::kPostcode, "postcode_fake"},
    NameHint{ColumnRole::kPostcode, "postal_code"},
    NameHint{ColumnRole::kPostcode, "zip"},
    NameHint{ColumnRole::kPostcode, "zipcode"},
    NameHint{ColumnRole::kPostcode, "plz"},
    NameHint{ColumnRole::kDate, "dob"},
    NameHint{ColumnRole::kDate, "date_of_birth"},
    NameHint{ColumnRole::kDate, "birth_date"},
    NameHint{ColumnRole::kDate, "birthdate"},
    NameHint{ColumnRole::kDate, "birthday"},
    NameHint{ColumnRole::kDate, "date"},
    NameHint{ColumnRole::kPlace, "city"},
    NameHint{ColumnRole::kPlace, "town"},
    NameHint{ColumnRole::kPlace, "suburb"},
    NameHint{ColumnRole::kPlace, "place"},
    NameHint{ColumnRole::kPlace, "county"},
    NameHint{ColumnRole::kPlace, "state"},
    NameHint{ColumnRole::kPlace, "country"},
    NameHint{ColumnRole::kPlace, "region"},
    NameHint{ColumnRole::kPlace, "village"},
    NameHint{ColumnRole::kPlace, "birthplace"},
    NameHint{ColumnRole::kNumber, "street_number"},
    NameHint{ColumnRole::kNumber, "house_number"},
    NameHint{ColumnRole::kAddress, "address"},
    NameHint{ColumnRole::kAddress, "street"},
    NameHint{ColumnRole::kAddress, "addr"},
    NameHint{ColumnRole::kFullName, "full_name"},
    NameHint{ColumnRole::kFullName, "fullname"},
    NameHint{ColumnRole::kFullName, "person_name"},
    NameHint{ColumnRole::kFullName, "name"},
};

/// Columns that a system fills in: they tell when a record was written, not whom it describes.
constexpr std::array<std::string_view, 12> kSystemWords{"created",  "updated",   "modified", "inserted",
                                                        "loaded",   "timestamp", "changed",  "imported",
                                                        "ingested", "extracted", "batch",    "row_number"};

constexpr std::array<std::string_view, 5> kIdWords{"id", "uid", "uuid", "key", "guid"};

bool contains_words(const std::string& normal_name, std::string_view words) {
  return ("_" + normal_name + "_").find("_" + std::string(words) + "_") != std::string::npos;
}

bool ends_with_word(const std::string& normal_name, std::string_view word) {
  return ("_" + normal_name).ends_with("_" + std::string(word));
}

const NameHint* find_hint(const std::string& normal_name) {
  for (const NameHint& hint : kNameHints) {
    if (contains_words(normal_name, hint.words)) return &hint;
  }
  return nullptr;
}

std::string percent(double share) {
  std::array<char, 16> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%.0f %%", 100 * share);
  return buffer.data();
}

/// One look at a column: the rules are tried in order, each returns a guess or nothing.
class RoleGuesser {
 public:
  RoleGuesser(const ColumnFacts& facts, bool is_unique_id_taken)
      : facts_(facts),
        is_unique_id_taken_(is_unique_id_taken),
        name_(normal_column_name(facts.name)),
        hint_(find_hint(name_)),
        shapes_(ValueShapes::of(facts.texts)),
        date_(facts.is_date ? DateFormatGuess{} : guess_date_format(facts.texts)) {}

  RoleGuess guess() const {
    using Rule = std::optional<RoleGuess> (RoleGuesser::*)() const;
    constexpr std::array<Rule, 7> kRules{
        &RoleGuesser::unusable, &RoleGuesser::unique_id,       &RoleGuesser::written_by_a_system, &RoleGuesser::by_name,
        &RoleGuesser::by_shape, &RoleGuesser::by_common_words, &RoleGuesser::by_frequencies};
    for (const Rule rule : kRules) {
      if (std::optional<RoleGuess> guess = (this->*rule)()) return *std::move(guess);
    }
    return text_of_some_kind();
  }

 private:
  int64_t values() const { return facts_.rows - facts_.nulls; }
  double distinct_share() const {
    return values() > 0 ? static_cast<double>(facts_.distinct) / static_cast<double>(values()) : 0;
  }

  std::optional<RoleGuess> unusable() const {
    if (!facts_.has_text) return RoleGuess{ColumnRole::kIgnored, "its type is not compared by default"};
    if (facts_.rows == 0) return RoleGuess{ColumnRole::kIgnored, "there are no rows"};
    if (values() == 0) return RoleGuess{ColumnRole::kIgnored, "every value is missing"};
    if (facts_.distinct == 1 && facts_.rows > 1) {
      return RoleGuess{ColumnRole::kIgnored, "it has one value only, which tells no two records apart"};
    }
    return std::nullopt;
  }

  /// "Company ID" is an id as "id" is; what people are known by elsewhere, such as a tax id, is compared.
  bool names_something_else() const {
    if (hint_ == nullptr) return false;
    constexpr std::array kKnownElsewhere{ColumnRole::kTruth, ColumnRole::kEmail, ColumnRole::kPhone,
                                         ColumnRole::kNationalId};
    if (std::find(kKnownElsewhere.begin(), kKnownElsewhere.end(), hint_->role) != kKnownElsewhere.end()) return true;
    return std::none_of(kIdWords.begin(), kIdWords.end(),
                        [&](std::string_view word) { return ends_with_word(name_, word); });
  }

  std::optional<RoleGuess> unique_id() const {
    const bool is_unique = facts_.nulls == 0 && facts_.distinct == facts_.rows;
    if (!is_unique || names_something_else()) return std::nullopt;
    const bool is_called_id = std::any_of(kIdWords.begin(), kIdWords.end(),
                                          [&](std::string_view word) { return contains_words(name_, word); });
    const bool counts_records = shapes_.uuid == 1 || (shapes_.integer == 1 && facts_.rows > 1);
    if (!is_called_id && !counts_records) return std::nullopt;
    if (is_unique_id_taken_)
      return RoleGuess{ColumnRole::kIgnored, "every value is different, and another column is the id"};
    return RoleGuess{ColumnRole::kUniqueId, is_called_id ? "its name says id, and every value is different"
                                                         : "every value is a different number or UUID"};
  }

  std::optional<RoleGuess> written_by_a_system() const {
    for (const std::string_view word : kSystemWords) {
      if (contains_words(name_, word)) {
        return RoleGuess{ColumnRole::kIgnored,
                         "its name ('" + std::string(word) + "') is of when or how a record was written"};
      }
    }
    return std::nullopt;
  }

  /// A role that the name hints at, unless the values speak against it.
  std::optional<RoleGuess> by_name() const {
    if (hint_ == nullptr) return std::nullopt;
    const std::string why = "its name says '" + std::string(hint_->words) + "'";
    switch (hint_->role) {
      case ColumnRole::kTruth:
        return RoleGuess{ColumnRole::kTruth, why + ": a known answer is kept for evaluation and not used to link"};
      case ColumnRole::kDate:
        return facts_.is_date || date_.share >= .5 ? std::optional(date(why + ", and ")) : std::nullopt;
      case ColumnRole::kPostcode:
        return postcode(why);
      case ColumnRole::kEmail:
        return shapes_.email >= .3 ? std::optional(RoleGuess{ColumnRole::kEmail, why}) : std::nullopt;
      case ColumnRole::kFirstName:
      case ColumnRole::kLastName:
      case ColumnRole::kFullName:
        if (shapes_.words < .5) return std::nullopt;
        if (hint_->role == ColumnRole::kFullName && shapes_.company_word >= .2) {
          return RoleGuess{ColumnRole::kCompany, why + ", and " + percent(shapes_.company_word) +
                                                     " of the values have words of company names"};
        }
        return RoleGuess{hint_->role, why};
      case ColumnRole::kNumber:
        return RoleGuess{ColumnRole::kNumber, why};
      case ColumnRole::kPlace:
      case ColumnRole::kAddress:
      case ColumnRole::kCompany:
        return facts_.is_number || shapes_.number >= .9 ? std::nullopt : std::optional(RoleGuess{hint_->role, why});
      default:
        return RoleGuess{hint_->role, why};
    }
  }

  RoleGuess date(const std::string& before) const {
    if (facts_.is_date) return {ColumnRole::kDate, before + "its type is a date"};
    std::string why = before + percent(date_.share) + " of the values are dates of the form " + date_.format;
    if (date_.is_ambiguous) why += " (day and month could as well be exchanged: no value tells)";
    return {ColumnRole::kDate, why, date_.format};
  }

  RoleGuess postcode(const std::string& why) const {
    RoleGuess guess{ColumnRole::kPostcode, why, "", PostcodeKind::kOther};
    if (shapes_.uk_postcode >= .5) {
      guess.postcode = PostcodeKind::kUnitedKingdom;
      guess.why += ", and " + percent(shapes_.uk_postcode) + " of the values look like postcodes of the United Kingdom";
    }
    return guess;
  }

  std::optional<RoleGuess> by_shape() const {
    constexpr double kMost = .8;
    const auto most_values = [](double share, const char* what) {
      return percent(share) + " of the values look like " + what;
    };
    if (facts_.is_date || (date_.share >= kMost && !facts_.is_number)) return date("");
    if (shapes_.email >= kMost) return RoleGuess{ColumnRole::kEmail, most_values(shapes_.email, "email addresses")};
    if (shapes_.uk_postcode >= kMost) return postcode(most_values(shapes_.uk_postcode, "postcodes"));
    if (shapes_.phone >= kMost && !facts_.is_number && distinct_share() > .2) {
      return RoleGuess{ColumnRole::kPhone, most_values(shapes_.phone, "phone numbers")};
    }
    if (shapes_.uuid >= kMost)
      return RoleGuess{ColumnRole::kNationalId, most_values(shapes_.uuid, "UUIDs") + ", some repeated"};
    return std::nullopt;
  }

  std::optional<RoleGuess> by_common_words() const {
    if (shapes_.company_word >= .3) {
      return RoleGuess{ColumnRole::kCompany,
                       percent(shapes_.company_word) + " of the values have words of company names"};
    }
    if (shapes_.street_word >= .3 && shapes_.average_words >= 1.5) {
      return RoleGuess{ColumnRole::kAddress, percent(shapes_.street_word) + " of the values have words of streets"};
    }
    if (shapes_.words < .9 || facts_.distinct < 10) return std::nullopt;
    const bool is_one_word = shapes_.average_words < 1.3;
    if (!is_one_word && shapes_.average_words < 3.5 && shapes_.common_first_name >= .3) {
      return RoleGuess{ColumnRole::kFullName,
                       percent(shapes_.common_first_name) + " of the values have a common first name and more"};
    }
    if (is_one_word && shapes_.common_first_name >= .25 && shapes_.common_first_name > shapes_.common_surname) {
      return RoleGuess{ColumnRole::kFirstName,
                       percent(shapes_.common_first_name) + " of the values are common first names"};
    }
    if (is_one_word && shapes_.common_surname >= .1) {
      return RoleGuess{ColumnRole::kLastName, percent(shapes_.common_surname) + " of the values are common surnames"};
    }
    return std::nullopt;
  }

  std::optional<RoleGuess> by_frequencies() const {
    if (facts_.is_number || shapes_.number >= .95) return RoleGuess{ColumnRole::kNumber, "its values are numbers"};
    if (facts_.distinct <= 50 && distinct_share() <= .5) {
      return RoleGuess{ColumnRole::kCategory, "it has " + std::to_string(facts_.distinct) + " different values only"};
    }
    return std::nullopt;
  }

  RoleGuess text_of_some_kind() const {
    if (facts_.average_length > 40 || shapes_.average_words > 6) {
      return {ColumnRole::kFreeText, "its values are long texts"};
    }
    return {ColumnRole::kShortText, "its values are short texts of no kind that is known"};
  }

  const ColumnFacts& facts_;
  bool is_unique_id_taken_;
  std::string name_;
  const NameHint* hint_;
  ValueShapes shapes_;
  DateFormatGuess date_;
};

}  // namespace

std::string_view to_string(ColumnRole role) {
  switch (role) {
    case ColumnRole::kUniqueId:
      return "unique id";
    case ColumnRole::kTruth:
      return "truth";
    case ColumnRole::kFirstName:
      return "first name";
    case ColumnRole::kLastName:
      return "last name";
    case ColumnRole::kFullName:
      return "full name";
    case ColumnRole::kDate:
      return "date";
    case ColumnRole::kPostcode:
      return "postcode";
    case ColumnRole::kEmail:
      return "email";
    case ColumnRole::kPhone:
      return "phone";
    case ColumnRole::kNationalId:
      return "identifier";
    case ColumnRole::kPlace:
      return "place";
    case ColumnRole::kAddress:
      return "address";
    case ColumnRole::kCompany:
      return "company";
    case ColumnRole::kShortText:
      return "short text";
    case ColumnRole::kFreeText:
      return "free text";
    case ColumnRole::kNumber:
      return "number";
    case ColumnRole::kCategory:
      return "category";
    case ColumnRole::kIgnored:
      return "ignored";
  }
  return "ignored";
}

std::string normal_column_name(std::string_view name) {
  const auto is_upper = [](char letter) { return letter >= 'A' && letter <= 'Z'; };
  std::string normal;
  for (size_t i = 0; i < name.size(); ++i) {
    const auto letter = static_cast<unsigned char>(name[i]);
    if (letter < 0x80 && std::isalnum(letter) == 0) {
      if (!normal.empty() && normal.back() != '_') normal += '_';
      continue;
    }
    if (i > 0 && is_upper(name[i]) && !is_upper(name[i - 1]) && !normal.empty() && normal.back() != '_') normal += '_';
    normal += is_upper(name[i]) ? static_cast<char>(name[i] + 32) : name[i];
  }
  if (!normal.empty() && normal.back() == '_') normal.pop_back();
  return normal;
}

RoleGuess guess_role(const ColumnFacts& facts, bool is_unique_id_taken) {
  return RoleGuesser(facts, is_unique_id_taken).guess();
}

}  // namespace linkwright
