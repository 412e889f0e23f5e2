#include "spark/config/uuid.h"

#include <array>
#include <cctype>
#include <random>

namespace linkwright::spark {
namespace {
constexpr std::string_view kShape = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
}

bool is_uuid(std::string_view text) {
  if (text.size() != kShape.size()) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool fits = kShape[i] == '-' ? text[i] == '-' : std::isxdigit(static_cast<unsigned char>(text[i])) != 0;
    if (!fits) return false;
  }
  return true;
}

std::string random_uuid() {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::random_device device;
  std::string uuid(kShape);
  for (char& c : uuid) {
    if (c == 'x') c = kDigits[device() % kDigits.size()];
  }
  uuid[14] = '4';                        // version: random
  uuid[19] = kDigits[8 + device() % 4];  // variant: RFC 4122
  return uuid;
}

}  // namespace linkwright::spark
