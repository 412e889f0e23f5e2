#include "nginx_front.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "spark/cluster/loopback.h"
#include "spark/cluster/processes.h"

namespace linkwright::spark {
namespace {

Status make_certificate(const std::string& folder, const std::string& name) {
  const std::string file = folder + "/" + name;
  return output_of({"openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                    "-addext", "subjectAltName=DNS:localhost", "-keyout", file + ".key", "-out", file + ".pem"})
      .status();
}

// A body without limit, and streams that may be silent for an hour.
constexpr char kSettings[] = R"(
daemon off; worker_processes 1; pid FOLDER/nginx.pid; error_log FOLDER/error.log info;
events { worker_connections 256; }
http {
  access_log FOLDER/access.log;
  client_body_temp_path FOLDER/b; proxy_temp_path FOLDER/p; fastcgi_temp_path FOLDER/f; uwsgi_temp_path FOLDER/u;
  scgi_temp_path FOLDER/s;
  server {
    listen 127.0.0.1:FRONT_PORT ssl http2;
    ssl_certificate FOLDER/front.pem; ssl_certificate_key FOLDER/front.key;
    client_max_body_size 0; grpc_read_timeout 1h; grpc_send_timeout 1h; client_body_timeout 1h;
    grpc_buffer_size 256k;
    location / {
      if ($http_authorization != "Bearer TOKEN") { return 401; }
      if ($http_x_databricks_cluster_id != "CLUSTER") { return 403; }
      grpc_pass grpc://127.0.0.1:SERVER_PORT;
    }
  }
})";

void replace_all(std::string* text, const std::string& word, const std::string& value) {
  for (size_t at = text->find(word); at != std::string::npos; at = text->find(word, at + value.size())) {
    text->replace(at, word.size(), value);
  }
}

std::string nginx_program() {
  const std::string along_path = find_program("nginx");
  return along_path.empty() ? "/usr/sbin/nginx" : along_path;  // where users' paths do not lead
}

}  // namespace

Result<std::unique_ptr<NginxFront>> NginxFront::start(int server_port, const std::string& folder) {
  const std::string program = nginx_program();
  ARROW_RETURN_NOT_OK(output_of({program, "-v"}).status());
  std::filesystem::create_directories(folder);
  for (const char* name : {"front", "other"}) ARROW_RETURN_NOT_OK(make_certificate(folder, name));
  ARROW_ASSIGN_OR_RAISE(const int port, free_port(0));
  std::string settings = kSettings;
  replace_all(&settings, "FOLDER", folder);
  replace_all(&settings, "FRONT_PORT", std::to_string(port));
  replace_all(&settings, "SERVER_PORT", std::to_string(server_port));
  replace_all(&settings, "TOKEN", kToken);
  replace_all(&settings, "CLUSTER", kCluster);
  std::ofstream(folder + "/nginx.conf") << settings;
  std::unique_ptr<NginxFront> front(new NginxFront(folder, port));
  ARROW_ASSIGN_OR_RAISE(
      front->pid_,
      start_detached({{program, "-p", folder, "-c", folder + "/nginx.conf"}, {}, folder, folder + "/nginx.log"}));
  while (!accepts_connections(port)) {
    if (waitpid(front->pid_, nullptr, WNOHANG) != 0) return Status::IOError("nginx ended; see ", folder, "/error.log");
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return front;
}

NginxFront::~NginxFront() {
  if (pid_ == 0) return;
  kill(pid_, SIGTERM);
  waitpid(pid_, nullptr, 0);
}

}  // namespace linkwright::spark
