#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/status.h"

namespace linkwright::spark {

/// What of a job Spark SQL has no equal of, collected so that one error tells all of it.
class SqlRefusals {
 public:
  /// The value, or "NULL" with the refusal noted, so that the rest can be looked at. Other errors are passed on with
  /// `place` ("comparison 'name', level 'Jaro > 0.9'") before them.
  Result<std::string> note(Result<std::string> sql, const std::string& place);
  /// The same of the same place, which several queries ask for, is told once.
  void add(const std::string& place, const std::string& reason);

  /// NotImplemented when there was a refusal.
  Status status() const;

 private:
  std::vector<std::pair<std::string, std::string>> refusals_;
};

}  // namespace linkwright::spark
