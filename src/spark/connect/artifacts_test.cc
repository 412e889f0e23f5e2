#include "spark/connect/artifacts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "spark/fake/fake_server.h"

namespace linkwright::spark {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

class Artifacts : public ::testing::Test {
 protected:
  static std::string content(size_t size) {
    std::string bytes(size, '\0');
    for (size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 31 >> 3);
    return bytes;
  }

  FakeServer server_;
  FakeClock clock_;
  Transport transport_{server_.channel(), Connection(), {}, clock_};
};

// Nothing, one piece, exactly one piece, one byte more, several; pieces have 256 KiB.
TEST_F(Artifacts, ArriveWholeWhateverTheirSize) {
  for (const size_t size : {size_t{0}, size_t{1}, size_t{256} << 10, (size_t{256} << 10) + 1, size_t{1'000'000}}) {
    const std::string name = "files/" + std::to_string(size);
    ASSERT_TRUE(add_artifacts(transport_, {Artifact::of_bytes(name, content(size))}).ok()) << size;
    EXPECT_EQ(server_.artifacts().at(name), content(size)) << size;
  }
}

TEST_F(Artifacts, TravelTogetherInOneStream) {
  ASSERT_TRUE(
      add_artifacts(transport_, {Artifact::of_bytes("files/a", "1"), Artifact::of_bytes("files/b", content(600'000)),
                                 Artifact::of_bytes("files/c", "3")})
          .ok());
  EXPECT_THAT(server_.artifacts(),
              ElementsAre(Pair("files/a", "1"), Pair("files/b", content(600'000)), Pair("files/c", "3")));
  EXPECT_THAT(server_.calls(), ElementsAre("AddArtifacts"));
}

TEST_F(Artifacts, AreSentAnewFromTheStartWhenTheStreamBreaks) {
  server_.fail_calls(
      {{grpc::StatusCode::UNAVAILABLE, "Socket closed"}, {grpc::StatusCode::UNAVAILABLE, "Socket closed"}});
  ASSERT_TRUE(add_artifacts(transport_, {Artifact::of_bytes("files/a", content(600'000))}).ok());
  EXPECT_EQ(server_.artifacts().at("files/a"), content(600'000));
  EXPECT_EQ(server_.calls().size(), 3u);
}

TEST_F(Artifacts, ComeFromFilesAndNameAFileThatChangesMeanwhile) {
  const std::string path = ::testing::TempDir() + "/artifacts_test.bin";
  std::ofstream(path, std::ios::binary) << content(300'000);
  const Artifact artifact = Artifact::of_file("files/x", path).ValueOrDie();
  ASSERT_TRUE(add_artifacts(transport_, {artifact}).ok());
  EXPECT_EQ(server_.artifacts().at("files/x"), content(300'000));
  EXPECT_EQ(content_hash_of_file(path).ValueOrDie(), content_hash(content(300'000)));
  std::ofstream(path, std::ios::binary) << "short";
  EXPECT_THAT(add_artifacts(transport_, {artifact}).message(), HasSubstr("files/x: its file changed"));
  std::filesystem::remove(path);
  EXPECT_TRUE(Artifact::of_file("files/x", path).status().IsIOError());
}

TEST_F(Artifacts, AreFoundAgain) {
  ASSERT_TRUE(add_artifacts(transport_, {Artifact::of_bytes("cache/1", "1")}).ok());
  EXPECT_THAT(existing_artifacts(transport_, {"cache/1", "cache/2"}).ValueOrDie(), ElementsAre("cache/1"));
}

// FIPS 180-2, appendix B.1.
TEST(ContentHash, IsSha256) {
  EXPECT_EQ(content_hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace linkwright::spark
