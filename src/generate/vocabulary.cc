#include "generate/vocabulary.h"

#include <unordered_set>

#include "generate/random_stream.h"

namespace linkwright {
namespace {

constexpr std::string_view kConsonants[] = {"b", "c", "d", "f", "g", "h",  "j",  "k",  "l",  "m",  "n",  "p",
                                            "r", "s", "t", "v", "w", "th", "ch", "sh", "br", "gr", "st", "cl"};
constexpr std::string_view kVowels[] = {"a", "e", "i", "o", "u", "ai", "ea", "ou", "ia"};
constexpr std::string_view kEndings[] = {"",   "n",   "l",   "r",   "s",   "t",  "h",  "y", "ck",
                                         "nd", "son", "ton", "ley", "man", "er", "ie", "a", "o"};
constexpr std::string_view kFirstNames[] = {
    "james",     "mary",    "robert",      "patricia", "john",   "jennifer", "michael", "linda",  "david",
    "elizabeth", "william", "barbara",     "richard",  "susan",  "joseph",   "jessica", "thomas", "sarah",
    "charles",   "karen",   "christopher", "lisa",     "daniel", "nancy",    "matthew", "betty",  "anthony",
    "margaret",  "mark",    "sandra",      "emma",     "oliver", "olivia",   "noah",    "amelia", "ava",
    "isla",      "george",  "harry",       "jack",     "sophie", "grace",    "freya",   "lily",   "alfie",
    "henry",     "leo",     "archie",      "oscar"};
constexpr std::string_view kSurnames[] = {
    "smith",  "jones",    "taylor",   "brown",  "williams", "wilson",  "johnson", "davies",   "patel",  "robinson",
    "wright", "thompson", "evans",    "walker", "white",    "roberts", "green",   "hall",     "wood",   "jackson",
    "clarke", "khan",     "lewis",    "harris", "hughes",   "edwards", "thomas",  "martin",   "clark",  "turner",
    "hill",   "cooper",   "morris",   "ward",   "moore",    "king",    "baker",   "harrison", "morgan", "allen",
    "james",  "scott",    "phillips", "watson", "davis",    "parker",  "price",   "bennett",  "young",  "griffiths"};

template <size_t size>
std::string_view any_of(const std::string_view (&parts)[size], RandomStream& random) {
  return parts[random.below(size)];
}

}  // namespace

std::vector<std::string> invent_words(size_t size, unsigned min_syllables, unsigned max_syllables, uint64_t seed,
                                      std::span<const std::string_view> first_words) {
  constexpr uint64_t kPurpose = 1;
  constexpr size_t kShortestWord = 3;
  RandomStream random(seed, kPurpose, max_syllables);
  std::vector<std::string> words(first_words.begin(), first_words.end());
  words.reserve(size);
  std::unordered_set<std::string> known(words.begin(), words.end());
  while (words.size() < size) {
    std::string word;
    const uint64_t syllables = min_syllables + random.below(max_syllables - min_syllables + 1);
    for (uint64_t syllable = 0; syllable < syllables; ++syllable) {
      word += any_of(kConsonants, random);
      word += any_of(kVowels, random);
    }
    word += any_of(kEndings, random);
    if (word.size() >= kShortestWord && known.insert(word).second) words.push_back(std::move(word));
  }
  return words;
}

std::span<const std::string_view> common_first_names() { return kFirstNames; }
std::span<const std::string_view> common_surnames() { return kSurnames; }

}  // namespace linkwright
