#pragma once

// Tests of tokens on a real Spark, whose executors have the secrets of tests in their environment
// (cmake/LinkwrightSparkTests.cmake).

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "linkwright/token.h"
#include "spark/linkage/live_tables.h"

namespace linkwright::spark::test {

inline constexpr const char* kHashingSecret = "hashing-secret-of-tests-4711";
inline constexpr const char* kEncryptionKey = "encryption-key-of-tests-00004711";

inline std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// A folder of its own for each test.
class TokensOnSpark : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::string(std::getenv("SPARK_TEST_FOLDER")) + "/" +  // NOLINT(concurrency-mt-unsafe)
              info->test_suite_name() + "." + info->name();
    std::filesystem::create_directories(folder_);
  }

  std::string path(const std::string& name) const { return folder_ + "/" + name; }

  /// Names with accents, quotes and commas, empty fields, dates and postal codes that are none.
  std::string write_people(const std::string& name, int begin, int end) const {
    constexpr const char* kFirst[] = {"Elena", "Zoë", "\"Mary, Ann\"", "\"Jo \"\"JJ\"\"\"", "", "Łukasz"};
    constexpr const char* kLast[] = {"Vasquez", "O'Brien", "von Trapp", "Nguyen", "Smith III"};
    constexpr const char* kBirth[] = {"1980-05-17", "05/17/1980", "1990-02-30", "", "2001-12-31"};
    constexpr const char* kSex[] = {"F", "Male", "x"};
    constexpr const char* kPostal[] = {"98052", "98052-1234", "K1A 0B1", "00000", ""};
    std::ofstream file(path(name));
    file << "RecordId,FirstName,LastName,BirthDate,Sex,PostalCode,SocialSecurityNumber,Other\n";
    for (int i = begin; i < end; ++i) {
      file << "r" << i << ',' << kFirst[i % 6] << ',' << kLast[i % 5] << ',' << kBirth[i / 5 % 5] << ',' << kSex[i % 3]
           << ',' << kPostal[i / 7 % 5] << ",223-55-" << 7000 + i % 50 << ",ignored\n";
    }
    return path(name);
  }

  static TokenizerOptions options(TokenMode mode) {
    TokenizerOptions made;
    made.mode = mode;
    made.today = "2026-11-20";
    return made;
  }

 private:
  std::string folder_;
};

}  // namespace linkwright::spark::test
