#include "text/byte_signature.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>

namespace linkwright {
namespace {

size_t shared_bytes(const std::string& a, const std::string& b) {
  size_t shared = 0;
  for (int byte = 0; byte < 256; ++byte) {
    const auto c = static_cast<char>(byte);
    shared += static_cast<size_t>(std::min(std::count(a.begin(), a.end(), c), std::count(b.begin(), b.end(), c)));
  }
  return shared;
}

RC_GTEST_PROP(ByteSignature, NeverSaysTooFewBytes, ()) {
  const auto text = rc::gen::exec([] {
    const auto letter =
        rc::gen::weightedOneOf<char>({{3, rc::gen::element('a', 'b', 'z', '0', ' ')}, {1, rc::gen::arbitrary<char>()}});
    return *rc::gen::container<std::string>(*rc::gen::inRange<size_t>(0, ByteSignature::kLongest + 1), letter);
  });
  const std::string a = *text;
  const std::string b = *text;
  RC_ASSERT(ByteSignature(a).most_shared(ByteSignature(b)) >= shared_bytes(a, b));
}

TEST(ByteSignature, HoldsTheLongestTextOfOneByte) {
  const ByteSignature signature(std::string(ByteSignature::kLongest, 'x'));
  EXPECT_EQ(signature.most_shared(signature), ByteSignature::kLongest);
}

TEST(ByteSignature, CountsLettersThatTextsShare) {
  EXPECT_EQ(ByteSignature("smith").most_shared(ByteSignature("jones")), 1);
  EXPECT_EQ(ByteSignature("anna").most_shared(ByteSignature("hannah")), 4);
  EXPECT_EQ(ByteSignature("").most_shared(ByteSignature("hannah")), 0);
}

}  // namespace
}  // namespace linkwright
