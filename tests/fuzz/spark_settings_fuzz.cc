// Reads any bytes as a connection string, a .env file and a file of Databricks profiles: no crash, no leak, nothing
// accepted that must not be sent, and wherever a secret stands in what is refused, no message repeats it. The first
// byte says where the secret goes.

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <string>

#include "base/ascii.h"
#include "linkwright/spark_connection.h"
#include "spark/config/settings_file.h"
#include "spark/config/uuid.h"

namespace {

using namespace linkwright::spark;  // NOLINT(google-build-using-namespace)

constexpr char kSecret[] = "sesame-7f3a";

void check_message(const arrow::Status& status) {
  if (status.ok()) return;
  if (status.message().empty() || status.message().find(kSecret) != std::string::npos) std::abort();
}

bool is_printable(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c >= 0x20 && c < 0x7F; });
}

void check_connection(const Connection& connection) {
  const bool is_here = linkwright::to_lower(connection.host) == "localhost" || connection.host == "127.0.0.1" ||
                       connection.host == "::1";
  if (connection.host.empty() || connection.port < 1 || connection.port > 65535) std::abort();
  if (!connection.token.empty() && !connection.use_tls && !is_here) std::abort();
  if (!is_printable(connection.token.reveal())) std::abort();
  if (!connection.session_id.empty() && !is_uuid(connection.session_id)) std::abort();
  for (const auto& [name, value] : connection.headers) {
    if (name.empty() || !is_printable(name) || !is_printable(value)) std::abort();
  }
  const auto again = parse_connection_string(connection.address());
  if (!again.ok() || again->host != connection.host || again->port != connection.port) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  text.insert(std::min<size_t>(data[0], text.size()), kSecret);
  const auto connection = parse_connection_string(text);
  check_message(connection.status());
  if (connection.ok()) check_connection(*connection);
  std::istringstream dotenv(text), profiles(text);
  check_message(parse_dotenv(dotenv, ".env").status());
  check_message(parse_databricks_profiles(profiles, ".databrickscfg").status());
  return 0;
}
