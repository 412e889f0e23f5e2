#include "generate/corruption.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace linkwright {
namespace {

unsigned number_at(const std::string& date, size_t begin, size_t length) {
  unsigned number = 0;
  for (size_t i = begin; i < begin + length; ++i) number = number * 10 + static_cast<unsigned>(date[i] - '0');
  return number;
}

bool is_date(const std::string& date) {
  return std::chrono::year_month_day(std::chrono::year(static_cast<int>(number_at(date, 0, 4))),
                                     std::chrono::month(number_at(date, 5, 2)), std::chrono::day(number_at(date, 8, 2)))
      .ok();
}

}  // namespace

void make_typo(std::string& text, RandomStream& random) {
  enum Slip : uint64_t { kSubstitute, kDelete, kInsert, kTranspose, kNumSlips };
  const uint64_t slip = random.below(kNumSlips);
  const char letter = static_cast<char>('a' + random.below(26));
  if (text.size() < 2) {
    text += letter;
    return;
  }
  const size_t place = random.below(text.size());
  switch (slip) {
    case kSubstitute:
      text[place] = letter;
      break;
    case kDelete:
      text.erase(place, 1);
      break;
    case kInsert:
      text.insert(place, 1, letter);
      break;
    default: {
      const size_t first = std::min(place, text.size() - 2);
      std::swap(text[first], text[first + 1]);
    }
  }
}

void swap_day_and_month(std::string& date) {
  if (number_at(date, 8, 2) > 12) return;
  std::swap(date[5], date[8]);
  std::swap(date[6], date[9]);
}

void make_digit_error(std::string& date, RandomStream& random) {
  constexpr std::array<size_t, 4> kPlaces{2, 3, 6, 9};
  const size_t place = kPlaces[random.below(kPlaces.size())];
  const char before = std::exchange(date[place], static_cast<char>('0' + random.below(10)));
  if (!is_date(date)) date[place] = before;
}

}  // namespace linkwright
