#include "spark/connect/pickle.h"

#include <gtest/gtest.h>

namespace linkwright::spark {
namespace {

// What pickletools.dis of Python 3.11 reads as: exec('def f(x): pass', d); (getitem(d, 'f'), None).
TEST(Pickle, ExecutesTheSourceAndTakesTheFunction) {
  using std::string_literals::operator""s;
  EXPECT_EQ(pickle_function("def f(x): pass", "f", ""),
            "\x80\x03}q\0000"
            "cbuiltins\nexec\nX\x0e\0\0\0def f(x): passh\0\x86R0"
            "coperator\ngetitem\nh\0X\x01\0\0\0f\x86RN\x86."s);
}

TEST(Pickle, NamesTheTypeThatTheFunctionReturns) {
  const std::string code = pickle_function("", "f", "\"double\"");
  EXPECT_NE(code.find("cpyspark.sql.types\n_parse_datatype_json_string\nX\x08"), std::string::npos);
}

TEST(Pickle, WritesLongSourcesWithTheirLengthInFourBytes) {
  using std::string_literals::operator""s;
  const std::string code = pickle_function(std::string(0x10203, ' '), "f", "");
  EXPECT_NE(code.find("X\x03\x02\x01\0"s), std::string::npos);
}

}  // namespace
}  // namespace linkwright::spark
