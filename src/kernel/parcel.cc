#include "kernel/parcel.h"

#include <arrow/buffer.h>
#include <arrow/io/memory.h>
#include <arrow/ipc/options.h>
#include <arrow/ipc/reader.h>
#include <arrow/ipc/writer.h>
#include <arrow/record_batch.h>

#include <cstring>
#include <string_view>
#include <utility>

#include "column/value_dictionary.h"

namespace linkwright {
namespace {

// In the byte order of x86-64, as all of a kernel's work.
struct Header {
  uint32_t magic = 0;
  uint32_t partition = 0;
  uint64_t checksum = 0;  // of the partition and what follows
};
constexpr uint32_t kMagic = 0x3150574c;  // "LWP1"

uint64_t checksum(uint32_t partition, const uint8_t* bytes, size_t size) {
  return combine_hashes(partition, hash_bytes({reinterpret_cast<const char*>(bytes), size}));
}

}  // namespace

Result<std::shared_ptr<arrow::Buffer>> pack_parcel(const Parcel& parcel) {
  ARROW_ASSIGN_OR_RAISE(auto out, arrow::io::BufferOutputStream::Create());
  ARROW_RETURN_NOT_OK(out->Write(std::string_view("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", sizeof(Header))));
  ARROW_ASSIGN_OR_RAISE(auto writer, arrow::ipc::MakeStreamWriter(out, parcel.rows->schema()));
  ARROW_RETURN_NOT_OK(writer->WriteRecordBatch(*parcel.rows));
  ARROW_RETURN_NOT_OK(writer->Close());
  ARROW_ASSIGN_OR_RAISE(auto bytes, out->Finish());
  const Header header{
      kMagic, parcel.partition,
      checksum(parcel.partition, bytes->data() + sizeof(Header), static_cast<size_t>(bytes->size()) - sizeof(Header))};
  std::memcpy(bytes->mutable_data(), &header, sizeof header);
  return bytes;
}

Result<Parcel> unpack_parcel(const std::shared_ptr<arrow::Buffer>& bytes) {
  const auto size = static_cast<size_t>(bytes->size());
  Header header;
  if (size >= sizeof header) std::memcpy(&header, bytes->data(), sizeof header);
  if (header.magic != kMagic) {
    return Status::Invalid("a parcel of ", size,
                           " bytes is none of this version's; executors and driver must have the ", "same kernel");
  }
  if (header.checksum != checksum(header.partition, bytes->data() + sizeof header, size - sizeof header)) {
    return Status::IOError("a parcel of ", size, " bytes for partition ", header.partition,
                           " is damaged: its checksum is another one");
  }
  arrow::ipc::IpcReadOptions options;
  options.ensure_alignment = arrow::ipc::Alignment::kDataTypeSpecificAlignment;  // Spark puts bytes anywhere
  options.use_threads = false;
  const auto in = std::make_shared<arrow::io::BufferReader>(arrow::SliceBuffer(bytes, sizeof header));
  ARROW_ASSIGN_OR_RAISE(auto reader, arrow::ipc::RecordBatchStreamReader::Open(in, options));
  ARROW_ASSIGN_OR_RAISE(auto rows, reader->Next());
  if (rows == nullptr) return Status::IOError("a parcel for partition ", header.partition, " has no rows in it");
  return Parcel{header.partition, std::move(rows)};
}

}  // namespace linkwright
