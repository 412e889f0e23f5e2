#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "linkwright/spark.h"

namespace linkwright::spark {

/// A native library with the C interface of src/kernel/kernel.h on the executors of a session. Cheap to copy;
/// thread-safe.
class NativeLibrary {
 public:
  /// Sends `library` (a path here), sees by doing it that an executor loads it, and sends what that executor lacks of
  /// the libraries that it needs, as far as this process has them loaded. Python `modules` are imported first, where
  /// these bring libraries.
  ///
  /// NotImplemented when the cluster does not run it, with the reason: a refusal comes in many forms (no artifacts, no
  /// Python functions, another Python, a folder that forbids execution, another kind of processor), so none is guessed
  /// at from the server's name or settings. Other errors: the library is not here; a connection that is broken.
  static Result<NativeLibrary> send(const Session& session, const std::string& library,
                                    const std::vector<std::string>& modules = {});

  /// A function for DataFrame::map_in_arrow that runs `task` (a JSON text) on the rows of a partition. `columns` are
  /// those of the result, in Spark's DDL.
  PythonFunction run(const std::string& name, const std::string& task, const std::string& columns) const;

 private:
  PythonFunction function(const std::string& function, const std::string& task, const std::string& columns) const;
  Result<std::string> find_obstacle(const Session& session) const;

  std::vector<std::string> modules_;
  std::vector<std::string> files_;  // as executors know them, in order of loading; the last is the library
};

/// An error of an action as its reader should see it: what the library said, where it was the library that failed.
Status readable(const Status& status);

}  // namespace linkwright::spark
