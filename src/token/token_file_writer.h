#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "io/text_parquet_writer.h"
#include "token/text_dialect.h"
#include "token/token_table.h"

namespace linkwright {

/// Writes token rows to a CSV or Parquet file with the references' columns RuleId, Token, RecordId.
///
/// The file appears only when it is whole: rows go to a temporary name beside it, which `finish` renames; a writer that
/// goes before that removes it. CSV has a header once there is a row and quotes as the profile's language does; without
/// rows it is an empty file, as the references leave it.
class TokenFileWriter {
 public:
  /// What `encode` makes of a table, ready to be written.
  struct Encoded {
    std::string text;
    std::vector<TextParquetChunk> chunks;
  };

  /// The format is told from the name: .csv or .parquet.
  static Result<std::unique_ptr<TokenFileWriter>> open(const std::string& path, TextDialect dialect);
  virtual ~TokenFileWriter() = default;

  /// The heavy part; may run on any thread.
  virtual Result<Encoded> encode(TokenTable table) const = 0;
  /// One thread at a time, in the order of the file.
  virtual Status write(const Encoded& encoded) = 0;
  virtual Status finish() = 0;
};

}  // namespace linkwright
