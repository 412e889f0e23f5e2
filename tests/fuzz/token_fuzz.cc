// Random bytes as every attribute of a person, as an expression, as a CSV file and as a token, under each profile.
// Beyond not crashing: a name's normal form is letters, a signature is UTF-8, a file parses alike however it is cut,
// and every way of hashing and encrypting gives the same.

#include <cstdint>
#include <cstdlib>
#include <map>
#include <string_view>
#include <vector>

#include "io/csv_records.h"
#include "io/utf8_text.h"
#include "token/csv_columns.h"
#include "token/match_token.h"
#include "token/signature.h"
#include "token/token_crypto.h"

namespace {

using namespace linkwright;  // NOLINT(google-build-using-namespace): a fuzz target is one file

constexpr std::string_view kKey = "Secret-Encryption-Key-Goes-Here.";

void check(bool holds) {
  if (!holds) std::abort();
}

/// The input cut at bytes that UTF-8 never has.
std::vector<std::string_view> pieces_of(std::string_view data) {
  std::vector<std::string_view> pieces;
  for (size_t at; (at = data.find('\xff')) != std::string_view::npos; data.remove_prefix(at + 1)) {
    pieces.push_back(data.substr(0, at));
  }
  pieces.push_back(data);
  return pieces;
}

/// T1 to T5, every attribute alone, and all of them together.
std::vector<TokenRule> many_rules() {
  auto rules = default_token_rules();
  TokenRule all{"all", {}};
  for (size_t i = 0; i < kAttributeCount; ++i) {
    const TokenPart part{std::string(attribute_name(static_cast<Attribute>(i))), "T|U"};
    all.parts.push_back(part);
    rules.push_back({"only " + part.attribute, {part}});
  }
  rules.push_back(all);
  return rules;
}

void sign(const ProfileTraits& traits, const std::vector<std::string_view>& pieces) {
  static const auto zone = TimeZone::make("America/New_York").ValueOrDie();
  static std::map<TokenProfile, SignaturePlan> plans;
  if (!plans.contains(traits.profile))
    plans.emplace(traits.profile, plan_signatures(traits, many_rules()).ValueOrDie());
  const SignaturePlan& plan = plans.at(traits.profile);
  SignatureBuilder builder(traits, {20777, zone}, plan);
  RawRecord record;
  for (size_t i = 0; i < kAttributeCount; ++i) record[i] = RawValue::of(pieces[i % pieces.size()]);
  RecordSignatures signatures;
  builder.build(record, &signatures);
  for (size_t rule = 0; rule < plan.rules.size(); ++rule) {
    const std::string_view signature = signatures.signature(rule);
    check(signatures.has_signature(rule) || signature.empty());
    check(find_invalid_utf8(signature) == std::string_view::npos);
    if (plan.rules[rule].id == "only LastName") {
      for (char c : signature) check(is_ascii_letter(code_of(c)));
    }
  }
}

/// A random expression on a random text.
void apply_expression(const ProfileTraits& traits, const std::vector<std::string_view>& pieces) {
  const auto expression = TokenExpression::parse(traits.dialect, pieces.back());
  if (!expression.ok()) return;
  TokenExpression::Scratch scratch;
  const auto value = expression->apply(pieces.front(), &scratch);
  check(!value || find_invalid_utf8(pieces.front()) != std::string_view::npos ||
        find_invalid_utf8(pieces.back()) != std::string_view::npos ||
        find_invalid_utf8(*value) == std::string_view::npos);
}

void read_csv(const ProfileTraits& traits, std::string_view data) {
  TextColumns whole;
  const CsvLayout layout{traits.dialect, ',', {0, 1, 2}, 3};
  parse_csv_records(layout, data, SIZE_MAX, &whole);
  size_t rows = 0;
  for (size_t start = 0; start < data.size();) {
    const size_t end = csv_record_end(data, start, layout.delimiter, true);
    check(end != std::string_view::npos || data.substr(start).find('"') != std::string_view::npos);
    if (end == std::string_view::npos) return;  // a quote that is never closed
    check(end > start);
    TextColumns one;
    parse_csv_records(layout, data.substr(start, end - start), SIZE_MAX, &one);
    rows += one.rows;
    start = end;
  }
  check(rows == whole.rows);
}

/// The pieces as signatures, many at once: hash tokens by every way this processor has, and those encrypted and opened.
void make_tokens(const std::vector<std::string_view>& pieces, TokenOpener* opener) {
  std::string expected;
  for (const TokenKernels kernels : supported_token_kernels()) {
    std::string hashes(pieces.size() * kHashTokenLength, ' ');
    std::string encrypted(pieces.size() * kEncryptedTokenLength, ' ');
    std::vector<char*> hash_places;
    std::vector<char*> places;
    for (size_t i = 0; i < pieces.size(); ++i) {
      hash_places.push_back(hashes.data() + i * kHashTokenLength);
      places.push_back(encrypted.data() + i * kEncryptedTokenLength);
    }
    TokenHasher("HashingKey", kernels).hash(pieces, hash_places);
    check(expected.empty() || hashes == expected);
    expected = hashes;
    check(TokenEncryptor::make(kKey, kernels).ValueOrDie()->encrypt(hashes.data(), places).ok());
    std::string opened;
    for (size_t i = 0; i < pieces.size(); ++i) check(opener->open({places[i], kEncryptedTokenLength}, &opened));
    check(opened == hashes);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  if (size < 2) return 0;
  const std::string_view data(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  const ProfileTraits& traits = profile_traits(static_cast<TokenProfile>(bytes[0] % 4));
  const std::vector<std::string_view> pieces = pieces_of(data);
  sign(traits, pieces);
  apply_expression(traits, pieces);
  read_csv(traits, data);
  static const auto opener = TokenOpener::make(kKey).ValueOrDie();
  make_tokens(pieces, opener.get());
  std::string opened;
  opener->open(data, &opened);
  return 0;
}
