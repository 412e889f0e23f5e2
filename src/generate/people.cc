#include "generate/people.h"

#include <arrow/array/builder_binary.h>
#include <arrow/array/builder_primitive.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>
#include <utility>
#include <vector>

#include "generate/corruption.h"
#include "generate/random_stream.h"
#include "generate/row_shuffle.h"
#include "generate/vocabulary.h"
#include "generate/zipf_sampler.h"

namespace linkwright {
namespace {

enum Column { kFirstName, kSurname, kDateOfBirth, kCity, kPostcode, kEmail, kNumTextColumns };
constexpr std::array<const char*, kNumTextColumns> kColumnNames{"first_name", "surname",  "dob",
                                                                "city",       "postcode", "email"};
constexpr std::array<double, kNumTextColumns> kMissing{.02, .01, .03, .05, .06, .15};
constexpr std::array<double, kNumTextColumns> kMissingInDuplicates{.06, .04, .08, .10, .12, .25};
constexpr std::array<double, kNumTextColumns> kTypos{.13, .12, 0, .08, .06, .07};  // dates have errors of their own
constexpr double kHouseMoves = .08;
constexpr double kSwappedNames = .02;
constexpr double kSwappedDayAndMonth = .03;
constexpr double kDigitErrors = .05;

constexpr uint32_t kNumFirstNames = 4'000;
constexpr uint32_t kNumSurnames = 60'000;
constexpr uint32_t kNumCities = 1'500;
constexpr uint32_t kNumDistricts = 40;
constexpr uint32_t kNumUnits = 400;
constexpr uint32_t kNumDays = 29'951;  // 1930-01-01 to 2012-01-01

enum Purpose : uint64_t { kPerson = 16, kDuplicate, kMissingValues, kCopiedPerson, kNewAddress };

struct Domain {
  std::string_view name;
  unsigned percent;
};
constexpr std::array<Domain, 8> kEmailDomains{{{"gmail.com", 35},
                                               {"hotmail.com", 18},
                                               {"yahoo.com", 14},
                                               {"outlook.com", 12},
                                               {"btinternet.com", 8},
                                               {"aol.com", 6},
                                               {"icloud.com", 5},
                                               {"mail.org", 2}}};

std::string_view any_domain(RandomStream& random) {
  uint64_t draw = random.below(100);
  for (const Domain& domain : kEmailDomains) {
    if (draw < domain.percent) return domain.name;
    draw -= domain.percent;
  }
  return kEmailDomains.back().name;
}

char letter(uint32_t number) { return static_cast<char>('A' + number % 26); }

std::vector<std::string> make_areas() {
  std::vector<std::string> areas;
  for (uint32_t i = 0; i < kNumCities; ++i) {
    areas.push_back(std::string{letter(i / 26), letter(i)} + std::to_string(i / 676 + 1));
  }
  return areas;
}

std::vector<std::string> make_units() {
  std::vector<std::string> units;
  for (uint32_t i = 0; i < kNumUnits; ++i) {
    units.push_back(std::string{static_cast<char>('1' + i / 26 % 9), letter(i), letter(i * 7)});
  }
  return units;
}

std::vector<std::string> make_dates() {
  using std::chrono::days, std::chrono::sys_days, std::chrono::year_month_day;
  const sys_days first = std::chrono::January / 1 / 1930;
  std::vector<std::string> dates;
  dates.reserve(kNumDays);
  const auto two_digits = [](unsigned number) {
    return std::string{static_cast<char>('0' + number / 10), static_cast<char>('0' + number % 10)};
  };
  for (uint32_t day = 0; day < kNumDays; ++day) {
    const year_month_day date{first + days(day)};
    dates.push_back(std::to_string(int{date.year()}) + "-" + two_digits(unsigned{date.month()}) + "-" +
                    two_digits(unsigned{date.day()}));
  }
  return dates;
}

struct PersonRecord {
  std::array<std::string, kNumTextColumns> text;
};

}  // namespace

struct PeopleGenerator::State {
  State(const PeopleOptions& people_options, uint64_t people)
      : options(people_options),
        num_people(people),
        shuffle(people_options.num_rows, people_options.seed),
        first_names(invent_words(kNumFirstNames, 1, 3, options.seed, common_first_names())),
        surnames(invent_words(kNumSurnames, 2, 3, options.seed, common_surnames())),
        cities(invent_words(kNumCities, 2, 4, options.seed)),
        areas(make_areas()),
        units(make_units()),
        dates(make_dates()) {}

  /// Writes the person's clean record.
  void describe(uint64_t person, PersonRecord& record) const {
    RandomStream random(options.seed, kPerson, person);
    auto& text = record.text;
    text[kFirstName] = first_names[first_name_of(random)];
    text[kSurname] = surnames[surname_of(random)];
    // The sum of a wide and a narrow uniform: a plateau with slopes, as ages have.
    text[kDateOfBirth] = dates[(3 * random.below(kNumDays) + random.below(kNumDays)) / 4];
    settle(random, text);
    text[kEmail] = text[kFirstName];
    text[kEmail] += '.';
    text[kEmail] += text[kSurname];
    text[kEmail] += std::to_string(random.below(1000));
    text[kEmail] += '@';
    text[kEmail] += any_domain(random);
  }

  void settle(RandomStream& random, std::array<std::string, kNumTextColumns>& text) const {
    const uint32_t city = city_of(random);
    text[kCity] = cities[city];
    text[kPostcode] = areas[city];
    text[kPostcode] += std::to_string(random.below(kNumDistricts));
    text[kPostcode] += ' ';
    text[kPostcode] += units[random.below(kNumUnits)];
  }

  void corrupt(uint64_t source, PersonRecord& record) const {
    RandomStream random(options.seed, kDuplicate, source);
    auto& text = record.text;
    if (random.chance(kHouseMoves)) {
      RandomStream address(options.seed, kNewAddress, source);
      settle(address, text);
    }
    if (random.chance(kSwappedNames)) std::swap(text[kFirstName], text[kSurname]);
    if (random.chance(kSwappedDayAndMonth)) swap_day_and_month(text[kDateOfBirth]);
    if (random.chance(kDigitErrors)) make_digit_error(text[kDateOfBirth], random);
    for (size_t column = 0; column < kNumTextColumns; ++column) {
      if (kTypos[column] > 0 && random.chance(kTypos[column])) make_typo(text[column], random);
    }
  }

  PeopleOptions options;
  uint64_t num_people;
  RowShuffle shuffle;
  std::vector<std::string> first_names, surnames, cities, areas, units, dates;
  ZipfSampler first_name_of{kNumFirstNames, 17};  // exponents in sixteenths: 1.06, 0.88 and 1
  ZipfSampler surname_of{kNumSurnames, 14};
  ZipfSampler city_of{kNumCities, 16};
};

PeopleGenerator::PeopleGenerator(std::unique_ptr<const State> state) : state_(std::move(state)) {}
PeopleGenerator::PeopleGenerator(PeopleGenerator&&) noexcept = default;
PeopleGenerator& PeopleGenerator::operator=(PeopleGenerator&&) noexcept = default;
PeopleGenerator::~PeopleGenerator() = default;

Result<PeopleGenerator> PeopleGenerator::make(const PeopleOptions& options) {
  constexpr uint64_t kMostRows = uint64_t{1} << 40;
  if (!(options.duplicate_share >= 0 && options.duplicate_share < 1)) {
    return Status::Invalid("the share of duplicates must be at least 0 and below 1, not ", options.duplicate_share);
  }
  if (options.num_rows > kMostRows) {
    return Status::Invalid("at most ", kMostRows, " rows can be generated, not ", options.num_rows);
  }
  const auto duplicates = static_cast<uint64_t>(static_cast<double>(options.num_rows) * options.duplicate_share);
  return PeopleGenerator(std::make_unique<const State>(options, options.num_rows - duplicates));
}

std::shared_ptr<arrow::Schema> PeopleGenerator::schema() {
  arrow::FieldVector fields{arrow::field("unique_id", arrow::int64(), false)};
  for (const char* name : kColumnNames) fields.push_back(arrow::field(name, arrow::utf8()));
  fields.push_back(arrow::field("cluster", arrow::int64(), false));
  return arrow::schema(std::move(fields));
}

uint64_t PeopleGenerator::num_rows() const { return state_->options.num_rows; }
uint64_t PeopleGenerator::num_people() const { return state_->num_people; }

Result<std::shared_ptr<arrow::RecordBatch>> PeopleGenerator::batch(uint64_t first_row, uint64_t count) const {
  const uint64_t first = std::min(first_row, num_rows());
  const uint64_t end = first + std::min(count, num_rows() - first);
  const auto size = static_cast<int64_t>(end - first);
  arrow::Int64Builder unique_ids, clusters;
  std::array<arrow::StringBuilder, kNumTextColumns> texts;
  ARROW_RETURN_NOT_OK(unique_ids.Reserve(size));
  ARROW_RETURN_NOT_OK(clusters.Reserve(size));
  for (arrow::StringBuilder& text : texts) ARROW_RETURN_NOT_OK(text.Reserve(size));

  PersonRecord record;
  for (uint64_t row = first; row < end; ++row) {
    const uint64_t source = state_->shuffle(row);
    const bool is_duplicate = source >= state_->num_people;
    const uint64_t person =
        is_duplicate ? RandomStream(state_->options.seed, kCopiedPerson, source).below(state_->num_people) : source;
    state_->describe(person, record);
    if (is_duplicate) state_->corrupt(source, record);
    RandomStream missing(state_->options.seed, kMissingValues, row);
    for (size_t column = 0; column < kNumTextColumns; ++column) {
      if (missing.chance((is_duplicate ? kMissingInDuplicates : kMissing)[column])) {
        ARROW_RETURN_NOT_OK(texts[column].AppendNull());
      } else {
        ARROW_RETURN_NOT_OK(texts[column].Append(record.text[column]));
      }
    }
    unique_ids.UnsafeAppend(static_cast<int64_t>(row));
    clusters.UnsafeAppend(static_cast<int64_t>(person));
  }

  arrow::ArrayVector columns;
  ARROW_ASSIGN_OR_RAISE(columns.emplace_back(), unique_ids.Finish());
  for (arrow::StringBuilder& text : texts) {
    ARROW_ASSIGN_OR_RAISE(columns.emplace_back(), text.Finish());
  }
  ARROW_ASSIGN_OR_RAISE(columns.emplace_back(), clusters.Finish());
  return arrow::RecordBatch::Make(schema(), size, std::move(columns));
}

}  // namespace linkwright
