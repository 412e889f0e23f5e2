#include "spark/connect/artifacts.h"

#include <openssl/evp.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace linkwright::spark {
namespace {

constexpr size_t kChunkBytes = size_t{256} << 10;

/// SHA-256 of what is fed to it.
class Hash {
 public:
  Hash() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) { EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr); }
  void add(std::string_view bytes) { EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()); }
  std::string hex() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
    unsigned size = 0;
    EVP_DigestFinal_ex(context_.get(), digest.data(), &size);
    constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    for (unsigned i = 0; i < size; ++i) text += {kDigits[digest[i] >> 4], kDigits[digest[i] & 15]};
    return text;
  }

 private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

Result<std::string> next_chunk(std::istream& stream) {
  std::string chunk(kChunkBytes, '\0');
  stream.read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
  if (stream.bad()) return Status::IOError("reading failed: ", std::strerror(errno));
  chunk.resize(static_cast<size_t>(stream.gcount()));
  return chunk;
}

void fill(proto::AddArtifactsRequest::ArtifactChunk* chunk, std::string bytes) {
  const auto* data = reinterpret_cast<const Bytef*>(bytes.data());
  chunk->set_crc(static_cast<int64_t>(crc32(0, data, static_cast<uInt>(bytes.size()))));
  chunk->set_data(std::move(bytes));
}

/// Writes one artifact into a stream. False when the stream broke, which its end explains.
Result<bool> write(const Transport& transport, const Artifact& artifact,
                   grpc::ClientWriterInterface<proto::AddArtifactsRequest>& writer) {
  const auto size = static_cast<size_t>(artifact.size_bytes);
  const size_t chunks = (size + kChunkBytes - 1) / kChunkBytes;
  const auto stream = artifact.open();
  for (size_t i = 0; i < std::max<size_t>(chunks, 1); ++i) {
    ARROW_ASSIGN_OR_RAISE(std::string bytes, next_chunk(*stream));
    if (bytes.size() != std::min(kChunkBytes, size - i * kChunkBytes)) {
      return Status::IOError(artifact.name, ": its file changed while it was sent; try again");
    }
    proto::AddArtifactsRequest request;
    transport.sign(&request);
    if (chunks <= 1) {
      auto* whole = request.mutable_batch()->add_artifacts();
      whole->set_name(artifact.name);
      fill(whole->mutable_data(), std::move(bytes));
    } else if (i == 0) {
      auto* begin = request.mutable_begin_chunk();
      begin->set_name(artifact.name);
      begin->set_total_bytes(artifact.size_bytes);
      begin->set_num_chunks(static_cast<int64_t>(chunks));
      fill(begin->mutable_initial_chunk(), std::move(bytes));
    } else {
      fill(request.mutable_chunk(), std::move(bytes));
    }
    if (!writer.Write(request)) return false;
  }
  return true;
}

}  // namespace

Artifact Artifact::of_bytes(std::string name, std::string bytes) {
  const auto size = static_cast<int64_t>(bytes.size());
  const auto shared = std::make_shared<const std::string>(std::move(bytes));
  return {std::move(name), size, [shared] { return std::make_unique<std::istringstream>(*shared); }};
}

Result<Artifact> Artifact::of_file(std::string name, const std::string& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (error) return Status::IOError(path, ": cannot be sent to Spark (", error.message(), ")");
  return Artifact{std::move(name), static_cast<int64_t>(size),
                  [path] { return std::make_unique<std::ifstream>(path, std::ios::binary); }};
}

Status add_artifacts(Transport& transport, const std::vector<Artifact>& artifacts) {
  proto::AddArtifactsResponse response;
  Status local;  // what failed on this side
  ARROW_RETURN_NOT_OK(transport.with_retries("AddArtifacts", [&]() -> grpc::Status {
    const auto context = transport.make_context(transport.options().call_timeout);
    response.Clear();
    const auto writer = transport.stub().AddArtifacts(context.get(), &response);
    const Cancellation* cancellation = transport.options().cancellation;
    for (const Artifact& artifact : artifacts) {
      const Result<bool> written = write(transport, artifact, *writer);
      local = written.status();
      if (local.ok() && cancellation != nullptr) local = cancellation->check();
      if (!local.ok()) context->TryCancel();
      if (!local.ok() || !*written) break;
    }
    writer->WritesDone();
    const grpc::Status status = writer->Finish();
    return local.ok() ? status : grpc::Status::OK;
  }));
  ARROW_RETURN_NOT_OK(local);
  ARROW_RETURN_NOT_OK(transport.observe(response));
  for (const auto& summary : response.artifacts()) {
    if (!summary.is_crc_successful()) {
      return Status::IOError(summary.name(), ": arrived damaged at ", transport.connection().address(), "; try again");
    }
  }
  return Status::OK();
}

Result<std::set<std::string>> existing_artifacts(Transport& transport, const std::vector<std::string>& names) {
  proto::ArtifactStatusesRequest request;
  for (const std::string& name : names) request.add_names(name);
  proto::ArtifactStatusesResponse response;
  ARROW_RETURN_NOT_OK(
      transport.call("ArtifactStatus", request, &Transport::Stub::PrepareAsyncArtifactStatus, &response));
  std::set<std::string> existing;
  for (const auto& [name, status] : response.statuses()) {
    if (status.exists()) existing.insert(name);
  }
  return existing;
}

std::string content_hash(std::string_view bytes) {
  Hash hash;
  hash.add(bytes);
  return hash.hex();
}

Result<std::string> content_hash_of_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Status::IOError(path, ": cannot be read (", std::strerror(errno), ")");
  Hash hash;
  for (;;) {
    ARROW_ASSIGN_OR_RAISE(const std::string chunk, next_chunk(file));
    if (chunk.empty()) return hash.hex();
    hash.add(chunk);
  }
}

}  // namespace linkwright::spark
