#include <algorithm>

#include "token/tokenizer_plan.h"

namespace linkwright {
namespace {

// Records that are signed before their tokens are encrypted and written: small enough for the cache.
constexpr size_t kRecordsInHand = 128;

std::string headers_of(Attribute attribute) {
  switch (attribute) {
    case Attribute::kFirstName:
      return "FirstName, GivenName";
    case Attribute::kLastName:
      return "LastName, Surname";
    case Attribute::kBirthDate:
      return "BirthDate, DateOfBirth";
    case Attribute::kSex:
      return "Sex, Gender";
    case Attribute::kPostalCode:
      return "PostalCode, ZipCode, ZIP3, ZIP4, ZIP5";
    case Attribute::kSocialSecurityNumber:
      return "SocialSecurityNumber, NationalIdentificationNumber";
    default:
      return std::string(attribute_name(attribute));
  }
}

std::string without_outer_space(std::string_view text) { return std::string(trim(TextDialect::kPython, text)); }

void warn_about_headers(const Tokenizer::Plan& plan, const std::vector<std::string>& headers, PeopleLayout* layout) {
  bool any = false;
  for (Attribute attribute : plan.signatures.attributes) any = any || layout->slot_of[index_of(attribute)] >= 0;
  if (!any) {
    std::string hint;
    for (const std::string& header : headers) {
      if (header.find(';') != std::string::npos)
        hint = "; the header has semicolons, and fields are separated by commas: give --delimiter ';'";
      if (header.find('\t') != std::string::npos)
        hint = "; the header has tabs, and fields are separated by commas: give --delimiter with a tab";
    }
    layout->warnings.push_back("no column holds an attribute of a rule, so every token is blank" + hint);
  }
  for (Attribute attribute : plan.signatures.attributes) {
    if (!any || layout->slot_of[index_of(attribute)] >= 0) continue;
    layout->warnings.push_back("no column for " + std::string(attribute_name(attribute)) + " (" +
                               headers_of(attribute) + "): the rules that use it give blank tokens");
  }
  for (const std::string& header : headers) {
    // A name that another profile knows, for an attribute that has no column here.
    const auto elsewhere = parse_attribute(header);
    if (elsewhere.ok() && !attribute_of_header(plan.traits, header) && layout->slot_of[index_of(*elsewhere)] < 0 &&
        header.find('_') == std::string::npos) {
      layout->warnings.push_back("column '" + header + "' is ignored: the profile " + std::string(plan.traits.name) +
                                 " does not know this name; call it " + std::string(attribute_name(*elsewhere)));
    }
    const std::string trimmed = without_outer_space(header);
    if (trimmed != header && attribute_of_header(plan.traits, trimmed)) {
      layout->warnings.push_back("column '" + header + "' is ignored: headers are not trimmed; did you mean '" +
                                 trimmed + "'?");
    }
  }
}

}  // namespace

Result<PeopleLayout> lay_out_people(const Tokenizer::Plan& plan, const std::vector<std::string>& headers) {
  PeopleLayout layout;
  layout.slot_of.fill(-1);
  layout.slots.assign(headers.size(), -1);
  std::array<std::string_view, kAttributeCount> header_of;
  for (size_t i = 0; i < headers.size(); ++i) {
    const auto attribute = attribute_of_header(plan.traits, headers[i]);
    if (!attribute) continue;
    const auto& used = plan.signatures.attributes;
    if (*attribute != Attribute::kRecordId && std::find(used.begin(), used.end(), *attribute) == used.end()) continue;
    int& slot = layout.slot_of[index_of(*attribute)];
    if (slot >= 0) {
      return Status::Invalid("columns '", header_of[index_of(*attribute)], "' and '", headers[i], "' both hold ",
                             attribute_name(*attribute), "; keep one of them");
    }
    header_of[index_of(*attribute)] = headers[i];
    slot = static_cast<int>(layout.slot_count++);
    layout.slots[i] = slot;
  }
  if (!headers.empty()) warn_about_headers(plan, headers, &layout);
  return layout;
}

void BatchCounts::merge(const BatchCounts& other) {
  rows += other.rows;
  rows_with_invalid_attributes += other.rows_with_invalid_attributes;
  for (size_t i = 0; i < invalid_attributes.size(); ++i) invalid_attributes[i] += other.invalid_attributes[i];
  blank_tokens.resize(std::max(blank_tokens.size(), other.blank_tokens.size()));
  for (size_t i = 0; i < other.blank_tokens.size(); ++i) blank_tokens[i] += other.blank_tokens[i];
}

TokenCounts BatchCounts::named(const SignaturePlan& plan) const {
  TokenCounts counts;
  counts.rows = rows;
  counts.rows_with_invalid_attributes = rows_with_invalid_attributes;
  for (Attribute attribute : plan.attributes) {
    counts.invalid_attributes[std::string(attribute_name(attribute))] = invalid_attributes[index_of(attribute)];
  }
  for (size_t i = 0; i < plan.rules.size(); ++i) {
    counts.blank_tokens[plan.rules[i].id] = i < blank_tokens.size() ? blank_tokens[i] : 0;
  }
  return counts;
}

TokenWorker::TokenWorker(const Tokenizer::Plan& plan)
    : plan_(plan), builder_(plan.traits, plan.dates, plan.signatures) {}

Result<std::unique_ptr<TokenWorker>> TokenWorker::make(const Tokenizer::Plan& plan) {
  std::unique_ptr<TokenWorker> worker(new TokenWorker(plan));
  if (plan.mode != TokenMode::kEncrypt) return worker;
  ARROW_ASSIGN_OR_RAISE(worker->encryptor_, TokenEncryptor::make(plan.encryption_key.bytes()));
  if (plan.format == TokenFormat::kMatchToken) {
    std::vector<std::string> rule_ids;
    for (const auto& rule : plan.signatures.rules) rule_ids.push_back(rule.id);
    ARROW_ASSIGN_OR_RAISE(worker->match_tokens_, MatchTokenWriter::make(plan.encryption_key.bytes(), plan.ring_id,
                                                                        rule_ids, plan.issued_at_seconds));
  }
  return worker;
}

Status TokenWorker::add_record_ids(const PeopleLayout& layout, const TextColumns& people, TokenTable* out) {
  const int slot = layout.slot_of[index_of(Attribute::kRecordId)];
  const std::vector<RawValue>* ids = slot < 0 ? nullptr : &people.columns[static_cast<size_t>(slot)];
  std::vector<uint8_t> random;
  size_t used = 0;
  std::string uuid;
  constexpr size_t kUuidBytes = 16;
  constexpr size_t kDrawn = 4096;
  for (size_t row = 0; row < people.rows; ++row) {
    if (ids != nullptr && !(*ids)[row].text.empty()) {
      out->record_ids.append((*ids)[row].text);
    } else {
      if (used == random.size()) {
        random.resize(kDrawn);
        ARROW_RETURN_NOT_OK(fill_random(random.data(), random.size()));
        used = 0;
      }
      uuid.clear();
      append_uuid(random.data() + used, &uuid);
      out->record_ids.append(uuid);
      used += kUuidBytes;
    }
  }
  return Status::OK();
}

void TokenWorker::sign(const PeopleLayout& layout, const TextColumns& people, size_t begin, size_t end,
                       BatchCounts* counts) {
  const size_t rules = plan_.signatures.rules.size();
  lengths_.clear();
  texts_.clear();
  for (size_t row = begin; row < end; ++row) {
    for (Attribute attribute : plan_.signatures.attributes) {
      const int slot = layout.slot_of[index_of(attribute)];
      record_[index_of(attribute)] = slot < 0 ? RawValue{} : people.columns[static_cast<size_t>(slot)][row];
    }
    builder_.build(record_, &signatures_);
    if (const uint32_t invalid = signatures_.invalid_attributes(); invalid != 0) {
      ++counts->rows_with_invalid_attributes;
      for (size_t i = 0; i < kAttributeCount; ++i) counts->invalid_attributes[i] += invalid >> i & 1;
    }
    for (size_t rule = 0; rule < rules; ++rule) {
      const std::string_view signature = signatures_.signature(rule);
      if (!signatures_.has_signature(rule)) ++counts->blank_tokens[rule];
      lengths_.push_back(static_cast<uint32_t>(signature.size()));
      texts_.append(signature);
    }
  }
}

Status TokenWorker::write_tokens(TokenTable* out) {
  switch (plan_.mode) {
    case TokenMode::kPlain:
      write_plain(out);
      return Status::OK();
    case TokenMode::kSha256:
      make_room(kSha256HexLength, out);
      for (size_t i = 0; i < places_.size(); ++i) TokenHasher::hash_signature(signed_[i], places_[i]);
      return Status::OK();
    case TokenMode::kHash:
      make_room(kHashTokenLength, out);
      plan_.hasher->hash(signed_, places_);
      return Status::OK();
    case TokenMode::kEncrypt:
      break;
  }
  return match_tokens_ != nullptr ? write_match_tokens(out) : write_encrypted(out);
}

void TokenWorker::write_plain(TokenTable* out) {
  size_t at = 0;
  for (uint32_t length : lengths_) {
    out->tokens.append(length == 0 ? kBlankToken : std::string_view(texts_).substr(at, length));
    at += length;
  }
}

/// Collects the signatures in hand and, in the table, room for a token of `token_length` for each; blank tokens are
/// written.
void TokenWorker::make_room(size_t token_length, TokenTable* out) {
  size_t size = lengths_.size() * PlainTexts::kLengthBytes;
  for (uint32_t length : lengths_) size += length == 0 ? kBlankToken.size() : token_length;
  out->tokens.make_room(size);
  signed_.clear();
  places_.clear();
  const char* signature = texts_.data();
  for (uint32_t length : lengths_) {
    if (length == 0) {
      kBlankToken.copy(out->tokens.add_in_room(kBlankToken.size()), kBlankToken.size());
    } else {
      signed_.emplace_back(signature, length);
      places_.push_back(out->tokens.add_in_room(token_length));
    }
    signature += length;
  }
}

/// Hashes the signatures in hand into `hashed_`, one after the other.
void TokenWorker::hash_aside() {
  hashed_.resize(kHashTokenLength * signed_.size());
  hash_places_.clear();
  for (size_t i = 0; i < signed_.size(); ++i) hash_places_.push_back(hashed_.data() + i * kHashTokenLength);
  plan_.hasher->hash(signed_, hash_places_);
}

Status TokenWorker::write_encrypted(TokenTable* out) {
  make_room(kEncryptedTokenLength, out);
  hash_aside();
  return encryptor_->encrypt(hashed_.data(), places_);
}

Status TokenWorker::write_match_tokens(TokenTable* out) {
  const size_t rules = plan_.signatures.rules.size();
  TokenTable encrypted;
  std::string token;
  ARROW_RETURN_NOT_OK(write_encrypted(&encrypted));
  for (size_t i = 0; i < lengths_.size(); ++i) {
    if (lengths_[i] == 0) {
      out->tokens.append(kBlankToken);
    } else {
      token.clear();
      ARROW_RETURN_NOT_OK(match_tokens_->append(i % rules, encrypted.tokens[i], &token));
      out->tokens.append(token);
    }
  }
  return Status::OK();
}

Status TokenWorker::make_tokens(const PeopleLayout& layout, const TextColumns& people, TokenTable* out,
                                BatchCounts* counts) {
  const size_t rules = plan_.signatures.rules.size();
  if (out->rule_ids.empty()) {
    for (const auto& rule : plan_.signatures.rules) out->rule_ids.push_back(rule.id);
  }
  counts->blank_tokens.resize(rules);
  counts->rows += static_cast<int64_t>(people.rows);
  const size_t first_record = out->record_ids.size();
  ARROW_RETURN_NOT_OK(add_record_ids(layout, people, out));
  for (size_t begin = 0; begin < people.rows; begin += kRecordsInHand) {
    sign(layout, people, begin, std::min(people.rows, begin + kRecordsInHand), counts);
    ARROW_RETURN_NOT_OK(write_tokens(out));
  }
  for (size_t record = first_record; record < out->record_ids.size(); ++record) {
    for (size_t rule = 0; rule < rules; ++rule) {
      out->rule_of_row.push_back(static_cast<uint32_t>(rule));
      out->record_of_row.push_back(static_cast<uint32_t>(record));
    }
  }
  return Status::OK();
}

}  // namespace linkwright
