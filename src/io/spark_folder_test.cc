#include "io/spark_folder.h"

#include <arrow/table.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/test_folder.h"
#include "base/thread_pool.h"
#include "io/kept_inputs.h"
#include "io/pending_file.h"
#include "io/table_reader.h"

namespace linkwright {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class SparkFolder : public test::WithFolder {
 protected:
  /// As Spark leaves it, with the sums of Hadoop beside the files.
  std::string table(const std::string& name, const std::string& also = "") const {
    std::filesystem::create_directories(path(name));
    for (const char* file : {"_SUCCESS", ".part-00000.csv.crc", "part-00002.csv"}) write(name + "/" + file, "");
    write(name + "/part-00001.csv", "id,name\n2,b\n");
    write(name + "/part-00000.csv", "id,name\n1,a\n");
    if (!also.empty()) std::filesystem::create_directories(path(name + "/" + also));
    return path(name);
  }
};

TEST_F(SparkFolder, StandsForItsFilesWithRows) {
  const std::string folder = table("people.csv");
  EXPECT_THAT(expand_paths({folder}).ValueOrDie(), ElementsAre(folder + "/part-00000.csv", folder + "/part-00001.csv"));
  ThreadPool pool(1);
  EXPECT_EQ(read_tables({folder}, {}, pool, nullptr).ValueOrDie()->num_rows(), 2);
}

TEST_F(SparkFolder, IsNoneThatIsUnfinishedOrDeltaOrNotOfSpark) {
  EXPECT_FALSE(is_spark_folder(table("people.delta", "_delta_log")));
  std::filesystem::remove(table("cut.csv") + "/_SUCCESS");
  EXPECT_FALSE(is_spark_folder(path("cut.csv")));
  EXPECT_THAT(expand_paths({path("cut.csv")}).status().message(), HasSubstr("is a folder; name the files in it"));
  EXPECT_FALSE(is_spark_folder(path("nowhere")));
  EXPECT_FALSE(is_spark_folder(write("people.csv", "id\n1\n")));
}

TEST_F(SparkFolder, SaysHowToReadWhatIsPartitioned) {
  EXPECT_THAT(expand_paths({table("people.csv", "city=York")}).status().message(),
              testing::AllOf(HasSubstr("is partitioned"), HasSubstr("people.csv/*/*.parquet")));
}

TEST_F(SparkFolder, GivesItsNameToAFile) {
  const std::string folder = table("people.csv");
  ASSERT_TRUE(write_file_atomically(folder, "id\n").ok());
  EXPECT_TRUE(std::filesystem::is_regular_file(folder));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(path(".")), {}), 1);
}

// A folder that somebody else made is not ours to remove.
TEST_F(SparkFolder, IsTheOnlyFolderThatDoes) {
  std::filesystem::create_directories(path("people.csv/mine"));
  EXPECT_THAT(write_file_atomically(path("people.csv"), "id\n").message(), HasSubstr("it is a folder"));
  EXPECT_TRUE(std::filesystem::exists(path("people.csv/mine")));
}

TEST_F(SparkFolder, IsNotWrittenOverWhereItIsRead) {
  const std::string folder = table("people.csv");
  for (const std::string& input : {folder, folder + "/*.csv"}) {
    EXPECT_THAT(keep_inputs({input}, {folder}).message(), HasSubstr("is an input and would be written over"));
  }
}

}  // namespace
}  // namespace linkwright
