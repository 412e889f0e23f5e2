#include <algorithm>
#include <cctype>
#include <charconv>
#include <set>

#include "base/ascii.h"
#include "base/status.h"
#include "linkwright/spark_connection.h"
#include "spark/config/connection_check.h"
#include "spark/config/uuid.h"

namespace linkwright::spark {
namespace {

constexpr std::string_view kScheme = "sc://";
constexpr size_t kLongestUserAgent = 2048;

/// Reads a connection string from left to right. Positions in messages are characters of the whole text, from 1.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result<Connection> parse() {
    if (to_lower(text_.substr(0, kScheme.size())) != kScheme) {
      return wrong(0, "expected 'sc://', as in sc://host:15002");
    }
    position_ = kScheme.size();
    ARROW_RETURN_NOT_OK(parse_host());
    ARROW_RETURN_NOT_OK(parse_port());
    if (!at_end() && text_[position_] == '/') ++position_;
    if (!at_end() && text_[position_] != ';') {
      return wrong(position_, "expected ';' and parameters, or the end; a path is not part of the address");
    }
    while (!at_end()) ARROW_RETURN_NOT_OK(parse_parameter());
    ARROW_RETURN_NOT_OK(settle_tls());
    return std::move(connection_);
  }

 private:
  bool at_end() const { return position_ >= text_.size(); }

  static Status wrong(size_t position, std::string_view expectation) {
    return Status::Invalid("Spark Connect address, character ", position + 1, ": ", expectation);
  }

  Status parse_host() {
    const size_t start = position_;
    if (!at_end() && text_[start] == '[') {
      const size_t end = text_.find(']', start);
      if (end == std::string_view::npos) return wrong(start, "expected an IPv6 address that ends with ']'");
      const std::string_view address = text_.substr(start + 1, end - start - 1);
      if (address.find(':') == std::string_view::npos) return wrong(start + 1, "expected an IPv6 address");
      connection_.host = address;
      position_ = end + 1;
      return Status::OK();
    }
    const size_t end = std::min(text_.find_first_of(":/;", start), text_.size());
    const std::string_view host = text_.substr(start, end - start);
    if (host.empty()) return wrong(start, "expected a host name, as in sc://host:15002");
    const auto unfit = std::find_if_not(host.begin(), host.end(), [](unsigned char c) {
      return std::isalnum(c) != 0 || c == '.' || c == '-' || c == '_';
    });
    if (unfit != host.end()) {
      return wrong(start + static_cast<size_t>(unfit - host.begin()),
                   "a host name has letters, digits, '.', '-' and '_'; a user name or token belongs into a parameter");
    }
    connection_.host = host;
    position_ = end;
    return Status::OK();
  }

  Status parse_port() {
    if (at_end() || text_[position_] != ':') return Status::OK();
    const size_t start = ++position_;
    const size_t end = std::min(text_.find_first_of("/;", start), text_.size());
    const auto [read_to, error] = std::from_chars(text_.data() + start, text_.data() + end, connection_.port);
    if (error != std::errc() || read_to != text_.data() + end || connection_.port < 1 || connection_.port > 65535) {
      return wrong(start, "expected a port from 1 to 65535; an IPv6 address needs brackets, as in sc://[::1]:15002");
    }
    position_ = end;
    return Status::OK();
  }

  Status parse_parameter() {
    const size_t start = ++position_;  // behind the ';'
    const size_t end = std::min(text_.find(';', start), text_.size());
    position_ = end;
    const std::string_view parameter = text_.substr(start, end - start);
    if (parameter.empty()) return Status::OK();  // "/;" and ";;" are common
    const size_t equals = parameter.find('=');
    if (equals == std::string_view::npos || equals == 0) return wrong(start, "expected name=value");
    const std::string_view name = parameter.substr(0, equals);
    ARROW_ASSIGN_OR_RAISE(std::string value, decode(parameter.substr(equals + 1), start + equals + 1));
    if (!seen_.emplace(name).second) return wrong(start, "this parameter was given before");
    return set(name, std::move(value), start, start + equals + 1);
  }

  /// %41 is A. PySpark refuses a bare '=' inside a value; here it is taken as it is, since tokens end in it.
  static Result<std::string> decode(std::string_view text, size_t offset) {
    std::string result;
    for (size_t i = 0; i < text.size(); ++i) {
      if (text[i] != '%') {
        result += text[i];
        continue;
      }
      unsigned byte = 0;
      const char* end = text.data() + std::min(i + 3, text.size());
      if (std::from_chars(text.data() + i + 1, end, byte, 16).ptr != text.data() + i + 3) {
        return wrong(offset + i, "expected two hexadecimal digits behind '%'; a percent sign itself is %25");
      }
      result += static_cast<char>(byte);
      i += 2;
    }
    return result;
  }

  Status set(std::string_view name, std::string value, size_t name_at, size_t value_at) {
    if (name == "use_ssl") {
      const std::string word = to_lower(value);
      if (word != "true" && word != "false") return wrong(value_at, "use_ssl is true or false");
      use_ssl_ = word == "true";
      use_ssl_at_ = value_at;
    } else if (name == "token") {
      if (value.empty()) return wrong(value_at, "expected a token; leave the parameter out to go without");
      if (!is_header_value(value)) return wrong(value_at, "a token has printable ASCII characters only");
      connection_.token = BearerToken(std::move(value));
    } else if (name == "user_id") {
      connection_.user_id = std::move(value);
    } else if (name == "user_agent") {
      if (value.size() > kLongestUserAgent) return wrong(value_at, "user_agent has at most 2048 characters");
      connection_.user_agent = std::move(value);
    } else if (name == "session_id") {
      if (!is_uuid(value)) return wrong(value_at, "session_id is a UUID, as 00112233-4455-6677-8899-aabbccddeeff");
      connection_.session_id = std::move(value);
    } else {
      return set_header(name, std::move(value), name_at, value_at);
    }
    return Status::OK();
  }

  Status set_header(std::string_view name, std::string value, size_t name_at, size_t value_at) {
    const bool fit = std::all_of(name.begin(), name.end(), [](unsigned char c) {
      return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.';
    });
    if (!fit)
      return wrong(name_at, "an unknown parameter is sent as a header, whose name has letters, digits, -, _ and .");
    if (!is_header_value(value)) return wrong(value_at, "the value of a header has printable ASCII characters only");
    connection_.headers.emplace_back(to_lower(name), std::move(value));
    return Status::OK();
  }

  Status settle_tls() {
    connection_.use_tls = use_ssl_.value_or(!connection_.token.empty());
    if (!connection_.token.empty() && !connection_.use_tls && !is_this_machine(connection_.host)) {
      return wrong(use_ssl_at_, "a token is not sent to another machine without TLS; drop use_ssl=false");
    }
    return Status::OK();
  }

  std::string_view text_;
  size_t position_ = 0;
  Connection connection_;
  std::optional<bool> use_ssl_;
  size_t use_ssl_at_ = 0;
  std::set<std::string, std::less<>> seen_;
};

}  // namespace

std::string Connection::address() const {
  const bool is_ipv6 = host.find(':') != std::string::npos;
  return std::string(kScheme) + (is_ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

Result<Connection> parse_connection_string(std::string_view text) { return Parser(text).parse(); }

}  // namespace linkwright::spark
