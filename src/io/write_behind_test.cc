#include "io/write_behind.h"

#include <arrow/buffer.h>
#include <arrow/io/memory.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>

#include "base/status.h"

namespace linkwright {
namespace {

// Takes what it is given, slowly, until so many bytes are in it.
class SlowFile : public arrow::io::OutputStream {
 public:
  explicit SlowFile(size_t room) : room_(room) {}

  Status Write(const void* data, int64_t bytes) override {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    if (content_.size() + static_cast<size_t>(bytes) > room_) return Status::IOError("no space left");
    content_.append(static_cast<const char*>(data), static_cast<size_t>(bytes));
    return Status::OK();
  }
  Status Close() override {
    closed_ = true;
    return Status::OK();
  }
  arrow::Result<int64_t> Tell() const override { return static_cast<int64_t>(content_.size()); }
  bool closed() const override { return closed_; }

  const std::string& content() const { return content_; }

 private:
  size_t room_;
  std::string content_;
  bool closed_ = false;
};

TEST(WriteBehind, KeepsTheOrderOfLentAndOwnedBytes) {
  const auto file = std::make_shared<SlowFile>(SIZE_MAX);
  const auto stream = write_behind(file);
  std::string expected;
  for (int k = 0; k < 200; ++k) {
    std::string text(static_cast<size_t>(k), static_cast<char>('a' + k % 26));
    expected += text;
    if (k % 2 == 0) {
      ASSERT_TRUE(stream->Write(text.data(), k).ok());
      text.assign(text.size(), '!');  // the bytes were the caller's
    } else {
      ASSERT_TRUE(stream->Write(arrow::Buffer::FromString(text)).ok());
    }
    EXPECT_EQ(*stream->Tell(), static_cast<int64_t>(expected.size()));
  }
  ASSERT_TRUE(stream->Close().ok());
  EXPECT_TRUE(stream->closed());
  EXPECT_EQ(file->content(), expected);
}

TEST(WriteBehind, TakesBuffersThatAreLargerThanWhatMayWait) {
  const auto file = std::make_shared<SlowFile>(SIZE_MAX);
  const auto stream = write_behind(file);
  const std::string large(size_t{20} << 20, 'x');
  for (int k = 0; k < 3; ++k) ASSERT_TRUE(stream->Write(arrow::Buffer::FromString(large)).ok());
  ASSERT_TRUE(stream->Flush().ok());
  EXPECT_EQ(file->content().size(), 3 * large.size());
  ASSERT_TRUE(stream->Close().ok());
}

TEST(WriteBehind, TellsAnErrorAtTheLatestWhenItIsClosed) {
  const auto file = std::make_shared<SlowFile>(10);
  const auto stream = write_behind(file);
  ASSERT_TRUE(stream->Write("12345678", 8).ok());
  ASSERT_TRUE(stream->Write("12345678", 8).ok());
  const Status closed = stream->Close();
  EXPECT_TRUE(closed.IsIOError());
  EXPECT_EQ(closed.message(), "no space left");
  EXPECT_TRUE(file->closed());
  EXPECT_EQ(file->content(), "12345678");
}

TEST(WriteBehind, TakesNothingMoreBehindAnError) {
  const auto file = std::make_shared<SlowFile>(10);
  const auto stream = write_behind(file);
  Status written;
  for (int k = 0; k < 1000 && written.ok(); ++k) {
    written = stream->Write("123456", 6);
    if (written.ok()) written = stream->Flush();
  }
  EXPECT_TRUE(written.IsIOError());
  EXPECT_TRUE(stream->Write("1", 1).IsIOError());
  EXPECT_EQ(file->content(), "123456");
}

TEST(WriteBehind, DropsWhatWaitsWhenItIsDropped) {
  const auto file = std::make_shared<SlowFile>(SIZE_MAX);
  {
    const auto stream = write_behind(file);
    for (int k = 0; k < 1000; ++k) ASSERT_TRUE(stream->Write("x", 1).ok());  // a second's work
  }
  EXPECT_LT(file->content().size(), 1000U);
  EXPECT_FALSE(file->closed());
}

TEST(WriteBehind, TakesNothingOnceItIsClosed) {
  const auto file = std::make_shared<SlowFile>(SIZE_MAX);
  const auto stream = write_behind(file);
  ASSERT_TRUE(stream->Close().ok());
  EXPECT_TRUE(stream->Write("x", 1).IsInvalid());
}

}  // namespace
}  // namespace linkwright
