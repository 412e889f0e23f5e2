#include "profile/value_shape.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/ascii.h"

namespace linkwright {
namespace {

// All sorted, to be searched. The names are among the most frequent of English-speaking and some other countries.
constexpr std::array<std::string_view, 113> kFirstNames{
    "alan",     "albert",   "alexander", "alfie",    "ali",     "alice",     "amelia",  "amy",         "ana",
    "andrew",   "anna",     "anne",      "anthony",  "archie",  "arthur",    "ava",     "barbara",     "benjamin",
    "betty",    "brian",    "carlos",    "carmen",   "charles", "charlotte", "chloe",   "christopher", "daniel",
    "david",    "edward",   "elizabeth", "ella",     "emily",   "emma",      "ethan",   "fatima",      "frank",
    "freya",    "george",   "georgia",   "grace",    "hannah",  "hans",      "harry",   "helen",       "henry",
    "isabella", "isla",     "jack",      "jacob",    "james",   "jane",      "jason",   "jean",        "jennifer",
    "jessica",  "john",     "jose",      "joseph",   "joshua",  "juan",      "karen",   "kevin",       "klaus",
    "lachlan",  "laura",    "leo",       "liam",     "lily",    "linda",     "lisa",    "logan",       "lucas",
    "lucy",     "luis",     "margaret",  "maria",    "marie",   "mark",      "mary",    "mason",       "matthew",
    "max",      "mia",      "michael",   "mohammed", "nancy",   "nicholas",  "noah",    "oliver",      "olivia",
    "oscar",    "patricia", "paul",      "peter",    "pierre",  "rachel",    "rebecca", "richard",     "robert",
    "ryan",     "samuel",   "sandra",    "sarah",    "simon",   "sophia",    "sophie",  "stephen",     "steven",
    "susan",    "thomas",   "ursula",    "wei",      "william"};
constexpr std::array<std::string_view, 101> kSurnames{
    "allen",   "anderson", "baker",     "becker", "bennett",  "brown",     "campbell",  "carter", "chen",
    "clark",   "clarke",   "cooper",    "davies", "davis",    "dixon",     "edwards",   "evans",  "ferreira",
    "fischer", "garcia",   "gonzalez",  "graham", "gray",     "green",     "griffiths", "hall",   "hamilton",
    "harris",  "harrison", "hernandez", "hill",   "hughes",   "hunt",      "jackson",   "james",  "johnson",
    "jones",   "kelly",    "khan",      "kim",    "king",     "kumar",     "lee",       "lewis",  "li",
    "lopez",   "martin",   "martinez",  "meyer",  "miller",   "mills",     "mitchell",  "moore",  "morgan",
    "morris",  "mueller",  "murphy",    "murray", "nguyen",   "o'brien",   "palmer",    "parker", "patel",
    "perez",   "phillips", "price",     "reid",   "roberts",  "robinson",  "rodriguez", "ross",   "rossi",
    "russo",   "ryan",     "sanchez",   "santos", "schmidt",  "schneider", "scott",     "silva",  "singh",
    "smith",   "stewart",  "taylor",    "thomas", "thompson", "turner",    "wagner",    "walker", "wang",
    "ward",    "watson",   "webb",      "weber",  "white",    "williams",  "wilson",    "wood",   "wright",
    "young",   "zhang"};
constexpr std::array<std::string_view, 24> kCompanyWords{
    "&",           "ag",       "associates", "bank",     "bv",  "co",        "company",   "corp",
    "corporation", "gmbh",     "group",      "holdings", "inc", "institute", "limited",   "llc",
    "ltd",         "partners", "plc",        "pty",      "sa",  "services",  "solutions", "university"};
constexpr std::array<std::string_view, 32> kStreetWords{
    "ave", "avenue", "blvd",  "boulevard", "calle",  "cct",    "circuit", "close", "court", "cres", "crescent",
    "ct",  "dr",     "drive", "highway",   "hwy",    "lane",   "ln",      "pl",    "place", "rd",   "road",
    "rue", "square", "st",    "strasse",   "straße", "street", "terrace", "via",   "way",   "weg"};

bool is_letter(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter & 0x80) != 0;  // or UTF-8
}
bool all_digits(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_digit); }

template <size_t size>
bool is_among(const std::array<std::string_view, size>& sorted, std::string_view word) {
  return std::binary_search(sorted.begin(), sorted.end(), word);
}

template <typename Visit>
size_t for_each_word(std::string_view text, Visit visit) {
  constexpr std::string_view kBetween = " ,.;()\t";
  size_t words = 0;
  for (size_t begin = text.find_first_not_of(kBetween); begin != std::string_view::npos;) {
    const size_t end = std::min(text.find_first_of(kBetween, begin), text.size());
    visit(text.substr(begin, end - begin));
    ++words;
    begin = text.find_first_not_of(kBetween, end);
  }
  return words;
}

}  // namespace

bool looks_like_email(std::string_view text) {
  const size_t at = text.find('@');
  if (at == 0 || at == std::string_view::npos || text.find('@', at + 1) != std::string_view::npos) return false;
  const size_t dot = text.rfind('.');
  return dot != std::string_view::npos && dot > at + 1 && dot + 2 < text.size() &&
         text.find(' ') == std::string_view::npos;
}

bool looks_like_uk_postcode(std::string_view text) {
  std::string letters;
  for (const char letter : text) {
    if (letter != ' ') letters += letter;
  }
  if (letters.size() < 5 || letters.size() > 8 || is_digit(letters.front())) return false;
  const std::string_view inward = std::string_view(letters).substr(letters.size() - 3);
  const std::string_view outward = std::string_view(letters).substr(0, letters.size() - 3);
  return is_digit(inward[0]) && is_letter(inward[1]) && is_letter(inward[2]) &&
         std::any_of(outward.begin(), outward.end(), is_digit) &&
         std::all_of(letters.begin(), letters.end(), [](char letter) { return is_digit(letter) || is_letter(letter); });
}

bool looks_like_us_zip(std::string_view text) {
  if (text.size() == 5) return all_digits(text);
  return text.size() == 10 && text[5] == '-' && all_digits(text.substr(0, 5)) && all_digits(text.substr(6));
}

bool looks_like_phone(std::string_view text) {
  size_t digits = 0;
  for (const char letter : text) {
    if (is_digit(letter)) {
      ++digits;
    } else if (std::string_view(" +-.()/").find(letter) == std::string_view::npos) {
      return false;
    }
  }
  return digits >= 8 && digits <= 15;
}

bool looks_like_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (is_dash ? text[i] != '-' : std::isxdigit(static_cast<unsigned char>(text[i])) == 0) return false;
  }
  return true;
}

bool looks_like_integer(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return all_digits(text);
}

bool looks_like_number(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  const size_t exponent = text.find_first_of("eE");
  if (exponent != std::string_view::npos) {
    std::string_view power = text.substr(exponent + 1);
    if (power.starts_with('-') || power.starts_with('+')) power.remove_prefix(1);
    if (!all_digits(power)) return false;
    text = text.substr(0, exponent);
  }
  const size_t dot = text.find('.');
  if (dot == std::string_view::npos) return all_digits(text);
  return all_digits(text.substr(0, dot)) && all_digits(text.substr(dot + 1));
}

bool looks_like_words(std::string_view text) {
  return std::any_of(text.begin(), text.end(), is_letter) && std::all_of(text.begin(), text.end(), [](char letter) {
           return is_letter(letter) || std::string_view(" -'.").find(letter) != std::string_view::npos;
         });
}

ValueShapes ValueShapes::of(std::span<const std::string> texts) {
  ValueShapes shapes;
  for (const std::string& text : texts) {
    shapes.email += looks_like_email(text);
    shapes.uk_postcode += looks_like_uk_postcode(text);
    shapes.us_zip += looks_like_us_zip(text);
    shapes.four_digits += text.size() == 4 && all_digits(text);
    shapes.phone += looks_like_phone(text);
    shapes.uuid += looks_like_uuid(text);
    shapes.integer += looks_like_integer(text);
    shapes.number += looks_like_number(text);
    shapes.words += looks_like_words(text);
    bool first = false, last = false, company = false, street = false;
    shapes.average_words += static_cast<double>(for_each_word(to_lower(text), [&](std::string_view word) {
      first |= is_among(kFirstNames, word);
      last |= is_among(kSurnames, word);
      company |= is_among(kCompanyWords, word);
      street |= is_among(kStreetWords, word);
    }));
    shapes.common_first_name += first;
    shapes.common_surname += last;
    shapes.company_word += company;
    shapes.street_word += street;
  }
  if (texts.empty()) return shapes;
  const auto count = static_cast<double>(texts.size());
  for (double* share : {&shapes.email, &shapes.uk_postcode, &shapes.us_zip, &shapes.four_digits, &shapes.phone,
                        &shapes.uuid, &shapes.integer, &shapes.number, &shapes.words, &shapes.common_first_name,
                        &shapes.common_surname, &shapes.company_word, &shapes.street_word, &shapes.average_words}) {
    *share /= count;
  }
  return shapes;
}

}  // namespace linkwright
