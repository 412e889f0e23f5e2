#pragma once

#include <cstdlib>
#include <map>
#include <optional>
#include <string>

namespace linkwright::test {

/// Variables of the environment as a test wants them, which are as they were before when it goes. For tests of one
/// thread.
class ScopedEnvironment {
 public:
  ScopedEnvironment() = default;
  ScopedEnvironment(const ScopedEnvironment&) = delete;
  ScopedEnvironment& operator=(const ScopedEnvironment&) = delete;
  ~ScopedEnvironment() {
    for (const auto& [name, value] : before_) put(name, value);
  }

  void set(const std::string& name, const std::string& value) { change(name, value); }
  void unset(const std::string& name) { change(name, std::nullopt); }

 private:
  // NOLINTBEGIN(concurrency-mt-unsafe)
  void change(const std::string& name, const std::optional<std::string>& value) {
    const char* before = std::getenv(name.c_str());
    before_.try_emplace(name, before == nullptr ? std::nullopt : std::optional<std::string>(before));
    put(name, value);
  }
  static void put(const std::string& name, const std::optional<std::string>& value) {
    if (value) {
      setenv(name.c_str(), value->c_str(), 1);
    } else {
      unsetenv(name.c_str());
    }
  }
  // NOLINTEND(concurrency-mt-unsafe)

  std::map<std::string, std::optional<std::string>> before_;
};

}  // namespace linkwright::test
