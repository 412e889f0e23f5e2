#include "io/kept_inputs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace linkwright {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

class KeptInputs : public testing::Test {
 protected:
  KeptInputs() : folder_(fs::temp_directory_path() / ("kept_inputs_" + std::to_string(getpid()))) {
    fs::create_directories(folder_);
    std::ofstream(folder_ / "people.csv") << "a\n1\n";
  }
  ~KeptInputs() override { fs::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  fs::path folder_;
};

TEST_F(KeptInputs, AreNotWrittenOver) {
  EXPECT_THAT(keep_inputs({path("people.csv")}, {path("model.json"), path("people.csv")}).message(),
              HasSubstr("people.csv is an input and would be written over"));
}

TEST_F(KeptInputs, AreKnownByAnyName) {
  fs::create_symlink(folder_ / "people.csv", folder_ / "link.csv");
  EXPECT_FALSE(keep_inputs({path("pe*.csv")}, {path("../" + folder_.filename().string() + "/link.csv")}).ok());
}

TEST_F(KeptInputs, AllowAnyOtherOutput) {
  std::ofstream(folder_ / "clusters.csv") << "a\n1\n";
  EXPECT_TRUE(keep_inputs({path("people.csv"), path("nowhere.csv")}, {path("clusters.csv"), path("new.csv"), ""}).ok());
}

}  // namespace
}  // namespace linkwright
