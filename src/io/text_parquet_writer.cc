#include "io/text_parquet_writer.h"

#include <arrow/io/interfaces.h>

#include <cassert>

#include "io/parquet_page.h"
#include "io/rle_bit_packing.h"
#include "io/thrift_writer.h"

namespace linkwright {
namespace {

constexpr std::string_view kMagic = "PAR1";
constexpr std::string_view kCreator = "linkwright";

// Numbers of parquet.thrift.
enum ParquetType : int32_t { kByteArray = 6 };
constexpr int32_t kRequired = 0;
constexpr int32_t kUtf8 = 0;
constexpr int32_t kUncompressed = 0;

// Of a page that is not compressed.
std::string page_header(ParquetPageKind kind, size_t bytes, size_t values, ParquetEncoding encoding) {
  return parquet_page_header({kind, encoding, values, bytes, bytes});
}

/// The bit width in a byte, then the codes.
std::string dictionary_indices(const std::vector<uint32_t>& codes, size_t distinct) {
  const int width = bits_for(distinct);
  std::string out(1 + most_rle_bit_packed_bytes(codes.size(), width), '\0');
  auto* const begin = reinterpret_cast<uint8_t*>(out.data());
  *begin = static_cast<uint8_t>(width);
  out.resize(static_cast<size_t>(append_rle_bit_packed(codes, width, begin + 1) - begin));
  return out;
}

void describe_column(ThriftWriter* thrift, std::string_view name) {
  thrift->begin_struct();
  thrift->i32(1, kByteArray);
  thrift->i32(3, kRequired);
  thrift->text(4, name);
  thrift->i32(6, kUtf8);  // for readers older than logical types
  thrift->structure(10);
  thrift->begin_struct();
  thrift->structure(1);  // STRING
  thrift->begin_struct();
  thrift->end_struct();
  thrift->end_struct();
  thrift->end_struct();
}

}  // namespace

TextParquetChunk TextParquetChunk::plain(PlainTexts rows) {
  TextParquetChunk chunk;
  chunk.rows_ = rows.size();
  Page& page = chunk.pages_.emplace_back();
  page.header = page_header(ParquetPageKind::kData, rows.bytes().size(), rows.size(), ParquetEncoding::kPlain);
  page.texts = std::move(rows);
  return chunk;
}

TextParquetChunk TextParquetChunk::coded(PlainTexts dictionary, const std::vector<uint32_t>& code_of_row) {
  TextParquetChunk chunk;
  chunk.rows_ = code_of_row.size();
  if (chunk.rows_ == 0) return chunk;
  chunk.has_dictionary_ = true;
  const size_t distinct = dictionary.size();
  Page& texts = chunk.pages_.emplace_back();
  texts.header =
      page_header(ParquetPageKind::kDictionary, dictionary.bytes().size(), distinct, ParquetEncoding::kPlain);
  texts.texts = std::move(dictionary);
  Page& rows = chunk.pages_.emplace_back();
  rows.codes = dictionary_indices(code_of_row, distinct);
  rows.header = page_header(ParquetPageKind::kData, rows.codes.size(), chunk.rows_, ParquetEncoding::kRleDictionary);
  return chunk;
}

Result<std::unique_ptr<TextParquetWriter>> TextParquetWriter::open(const std::string& path,
                                                                   std::vector<std::string> columns) {
  std::unique_ptr<TextParquetWriter> writer(new TextParquetWriter(path, std::move(columns)));
  ARROW_ASSIGN_OR_RAISE(writer->stream_, writer->file_.open());
  ARROW_RETURN_NOT_OK(writer->append(kMagic));
  return writer;
}

Status TextParquetWriter::append(std::string_view bytes) {
  const Status written = stream_->Write(bytes.data(), static_cast<int64_t>(bytes.size()));
  if (!written.ok()) return file_.failed(written);
  size_ += static_cast<int64_t>(bytes.size());
  return Status::OK();
}

/// To be called before the chunks are written: where they will be follows from their sizes.
void TextParquetWriter::describe_group(const std::vector<TextParquetChunk>& chunks) {
  ThriftWriter thrift(&group_descriptions_);
  const auto rows = static_cast<int64_t>(chunks.front().rows());
  int64_t begin = size_;
  thrift.begin_struct();
  thrift.list_of_structs(1, chunks.size());
  for (size_t column = 0; column < chunks.size(); ++column) {
    const TextParquetChunk& chunk = chunks[column];
    assert(chunk.rows() == chunks.front().rows());
    int64_t end = begin;
    int64_t last_page = begin;
    for (const auto& page : chunk.pages_) {
      last_page = end;
      end += static_cast<int64_t>(page.header.size() + page.body().size());
    }
    thrift.begin_struct();
    thrift.i64(2, 0);  // where these descriptions stand in a file of their own: they do not
    thrift.structure(3);
    thrift.begin_struct();
    thrift.i32(1, kByteArray);
    thrift.list_of_i32(2, chunk.has_dictionary_ ? 2 : 1);
    thrift.element(static_cast<int32_t>(ParquetEncoding::kPlain));
    if (chunk.has_dictionary_) thrift.element(static_cast<int32_t>(ParquetEncoding::kRleDictionary));
    thrift.list_of_texts(3, 1);
    thrift.bare_text(columns_[column]);
    thrift.i32(4, kUncompressed);
    thrift.i64(5, rows);
    thrift.i64(6, end - begin);  // uncompressed
    thrift.i64(7, end - begin);  // compressed
    thrift.i64(9, last_page);
    if (chunk.has_dictionary_) thrift.i64(11, begin);
    thrift.end_struct();
    thrift.end_struct();
    begin = end;
  }
  thrift.i64(2, begin - size_);
  thrift.i64(3, rows);
  thrift.end_struct();
  rows_ += rows;
  ++groups_;
}

Status TextParquetWriter::write(const std::vector<TextParquetChunk>& chunks) {
  if (chunks.front().rows() == 0) return Status::OK();
  describe_group(chunks);
  for (const TextParquetChunk& chunk : chunks) {
    for (const auto& page : chunk.pages_) {
      ARROW_RETURN_NOT_OK(append(page.header));
      ARROW_RETURN_NOT_OK(append(page.body()));
    }
  }
  file_.begin_to_sync(size_);
  return Status::OK();
}

std::string TextParquetWriter::footer() const {
  std::string footer;
  ThriftWriter thrift(&footer);
  thrift.begin_struct();
  thrift.i32(1, 1);  // version
  thrift.list_of_structs(2, columns_.size() + 1);
  thrift.begin_struct();
  thrift.text(4, "schema");
  thrift.i32(5, static_cast<int32_t>(columns_.size()));
  thrift.end_struct();
  for (const std::string& name : columns_) describe_column(&thrift, name);
  thrift.i64(3, rows_);
  thrift.list_of_structs(4, groups_);
  footer += group_descriptions_;
  thrift.text(6, kCreator);
  thrift.end_struct();
  return footer;
}

Status TextParquetWriter::finish() {
  std::string end = footer();
  const auto length = static_cast<uint32_t>(end.size());
  end.append(reinterpret_cast<const char*>(&length), sizeof(length)).append(kMagic);
  ARROW_RETURN_NOT_OK(append(end));
  const Status closed = stream_->Close();
  return closed.ok() ? file_.publish() : file_.failed(closed);
}

}  // namespace linkwright
