#include "spark/config/connection_check.h"

#include <arrow/util/utf8.h>

#include <algorithm>

#include "base/ascii.h"

namespace linkwright::spark {

bool is_header_value(std::string_view value) {
  return std::all_of(value.begin(), value.end(), [](unsigned char c) { return c >= 0x20 && c < 0x7F; });
}

bool is_this_machine(std::string_view host) {
  return to_lower(host) == "localhost" || host == "127.0.0.1" || host == "::1";
}

Status check_connection(const Connection& connection) {
  const auto is_unfit = [&](std::string_view what) {
    return Status::Invalid("connection to ", connection.address(), ": ", what, " has printable ASCII characters only");
  };
  if (!is_header_value(connection.token.reveal())) return is_unfit("a token");
  for (const auto& [name, value] : connection.headers) {
    if (!is_header_value(value)) return is_unfit("the value of the header '" + name + "'");
  }
  if (!connection.token.empty() && !connection.use_tls && !is_this_machine(connection.host)) {
    return Status::Invalid("connection to ", connection.address(),
                           ": a token is not sent to another machine without TLS; set use_tls");
  }
  arrow::util::InitializeUTF8();
  if (arrow::util::ValidateUTF8(connection.user_id)) return Status::OK();
  return Status::Invalid("connection to ", connection.address(), ": user_id is not UTF-8");
}

}  // namespace linkwright::spark
