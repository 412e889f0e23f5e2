#pragma once

#include <functional>
#include <istream>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "spark/connect/transport.h"

namespace linkwright::spark {

/// Something to be sent to a session: its name there, and how to read it, from the start each time it is opened.
struct Artifact {
  std::string name;  // "files/kernel.so", "jars/a.jar", "cache/SHA256"
  int64_t size_bytes = 0;
  std::function<std::unique_ptr<std::istream>()> open;

  static Artifact of_bytes(std::string name, std::string bytes);
  /// IOError when there is no such file.
  static Result<Artifact> of_file(std::string name, const std::string& path);
};

/// Sends artifacts in one stream, in pieces of 256 KiB with their CRC. A stream that breaks is sent anew, which is
/// safe: a session takes the same content under the same name twice. IOError when a piece arrived damaged.
Status add_artifacts(Transport& transport, const std::vector<Artifact>& artifacts);

/// The names that a session has already, of these.
Result<std::set<std::string>> existing_artifacts(Transport& transport, const std::vector<std::string>& names);

/// SHA-256 in hexadecimal.
std::string content_hash(std::string_view bytes);
Result<std::string> content_hash_of_file(const std::string& path);

}  // namespace linkwright::spark
