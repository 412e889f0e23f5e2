#include "spark/cluster/loopback.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <sstream>

namespace linkwright::spark {
namespace {

class Socket {
 public:
  Socket() : number_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}
  ~Socket() {
    if (number_ >= 0) close(number_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

sockaddr_in address_of(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port));
  return address;
}

/// The port that could be bound; 0 when it could not.
int bind_to(int port) {
  const Socket socket;
  const int reuse = 1;  // as Java does: a port whose last connections are still fading away is free
  setsockopt(socket.number(), SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof(reuse));
  sockaddr_in address = address_of(port);
  socklen_t size = sizeof(address);
  if (bind(socket.number(), reinterpret_cast<sockaddr*>(&address), size) != 0) return 0;
  if (getsockname(socket.number(), reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  return ntohs(address.sin_port);
}

bool connect_to(const Socket& socket, int port) {
  const sockaddr_in address = address_of(port);
  return connect(socket.number(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
}

/// The sockets that listen on a port, as links in /proc/PID/fd name them.
std::set<std::string> listeners(int port) {
  constexpr const char* kListens = "0A";
  std::set<std::string> sockets;
  for (const char* table : {"/proc/net/tcp", "/proc/net/tcp6"}) {  // Java binds to 127.0.0.1 as an IPv6 address
    std::ifstream file(table);
    for (std::string line; std::getline(file, line);) {
      std::istringstream fields(line);
      std::string number, local, remote, state, queues, timer, retransmits, user, timeout, inode;
      fields >> number >> local >> remote >> state >> queues >> timer >> retransmits >> user >> timeout >> inode;
      const size_t colon = local.rfind(':');
      if (state != kListens || colon == std::string::npos) continue;
      if (std::strtol(local.c_str() + colon + 1, nullptr, 16) == port) sockets.insert("socket:[" + inode + "]");
    }
  }
  return sockets;
}

/// The first port that the system itself gives to who asks for any.
int first_of_any() {
  int first = 32768;
  std::ifstream("/proc/sys/net/ipv4/ip_local_port_range") >> first;
  return first;
}

/// A free port that the system gives to nobody who does not ask for it by number, as Spark's workers do: they come to
/// take theirs before the server takes its own. 0: none was found.
int unasked_port() {
  constexpr int kLeast = 10'000, kTries = 100;
  const int end = first_of_any();
  if (end <= kLeast) return 0;
  std::random_device random;
  std::uniform_int_distribution<int> ports(kLeast, end - 1);
  for (int tries = 0; tries < kTries; ++tries) {
    if (const int port = bind_to(ports(random)); port != 0) return port;
  }
  return 0;
}

}  // namespace

bool listens(int pid, int port) {
  namespace fs = std::filesystem;
  const std::set<std::string> sockets = listeners(port);
  std::error_code gone;
  for (fs::directory_iterator file("/proc/" + std::to_string(pid) + "/fd", gone), end; !gone && file != end;
       file.increment(gone)) {
    std::error_code closed;
    if (sockets.count(fs::read_symlink(file->path(), closed).string()) != 0) return true;
  }
  return false;
}

Result<int> free_port(int wanted) {
  int port = wanted == 0 ? 0 : bind_to(wanted);
  if (port == 0) port = unasked_port();
  if (port == 0) port = bind_to(0);
  if (port == 0) return Status::IOError("no TCP port of 127.0.0.1 can be had: ", std::strerror(errno));
  return port;
}

bool accepts_connections(int port) { return connect_to(Socket(), port); }

Result<std::string> http_get(int port, const std::string& path) {
  const Socket socket;
  const timeval patience{2, 0};
  setsockopt(socket.number(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  const std::string where = "http://127.0.0.1:" + std::to_string(port) + path;
  if (!connect_to(socket, port)) return Status::IOError(where, ": nobody answers");
  const std::string request = "GET " + path + " HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n";
  if (send(socket.number(), request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size())) {
    return Status::IOError(where, ": ", std::strerror(errno));
  }
  std::string answer;
  std::array<char, 4096> buffer;
  for (;;) {
    const ssize_t got = recv(socket.number(), buffer.data(), buffer.size(), 0);
    if (got < 0) return Status::IOError(where, ": ", std::strerror(errno));
    if (got == 0) break;
    answer.append(buffer.data(), static_cast<size_t>(got));
  }
  const size_t body = answer.find("\r\n\r\n");
  if (body == std::string::npos || answer.substr(0, answer.find('\r')).find(" 200") == std::string::npos) {
    return Status::IOError(where, ": expected an answer with 200, got '", answer.substr(0, answer.find('\r')), "'");
  }
  return answer.substr(body + 4);
}

}  // namespace linkwright::spark
