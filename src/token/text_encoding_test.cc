#include "token/text_encoding.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <string>
#include <vector>

namespace linkwright {
namespace {

/// Bytes of every value, in an order that puts different ones side by side.
std::vector<uint8_t> bytes_of_size(size_t size) {
  std::vector<uint8_t> bytes(size);
  for (size_t i = 0; i < size; ++i) bytes[i] = static_cast<uint8_t>(i * 167 + size * 31);
  return bytes;
}

TEST(Base64, EqualsOpenSslForEveryLength) {
  for (size_t size = 0; size <= 600; ++size) {
    const std::vector<uint8_t> bytes = bytes_of_size(size);
    std::vector<unsigned char> expected((size + 2) / 3 * 4 + 1);
    const int length = EVP_EncodeBlock(expected.data(), bytes.data(), static_cast<int>(size));
    std::string out((size + 2) / 3 * 4 + 1, '?');
    write_base64(bytes.data(), size, out.data());
    EXPECT_EQ(out.substr(0, out.size() - 1), std::string(expected.begin(), expected.begin() + length)) << size;
    EXPECT_EQ(out.back(), '?') << "nothing is written behind the text";
  }
}

TEST(Hexadecimal, WritesTwoDigitsAByte) {
  for (size_t size = 0; size <= 300; ++size) {
    const std::vector<uint8_t> bytes = bytes_of_size(size);
    std::string out(2 * size + 1, '?');
    write_hex(bytes.data(), size, out.data());
    for (size_t i = 0; i < size; ++i) {
      EXPECT_EQ(std::stoul(out.substr(2 * i, 2), nullptr, 16), bytes[i]) << size << " " << i;
      EXPECT_FALSE(std::isupper(static_cast<unsigned char>(out[2 * i])));
    }
    EXPECT_EQ(out.back(), '?');
  }
}

}  // namespace
}  // namespace linkwright
