#include "spark/linkage/sql_refusals.h"

#include "base/add_once.h"

namespace linkwright::spark {

Result<std::string> SqlRefusals::note(Result<std::string> sql, const std::string& place) {
  if (sql.ok()) return sql;
  const Status& status = sql.status();
  if (!status.IsNotImplemented()) return status.WithMessage(place, ": ", status.message());
  // What to do is said once, below all of them.
  add(place, status.message().substr(0, status.message().find("; run this on")));
  return std::string("NULL");
}

void SqlRefusals::add(const std::string& place, const std::string& reason) { add_once({place, reason}, &refusals_); }

Status SqlRefusals::status() const {
  if (refusals_.empty()) return Status::OK();
  std::string text = "this job cannot run as Spark SQL alone:";
  for (const auto& [place, reason] : refusals_) text.append("\n  ").append(place).append(": ").append(reason);
  return Status::NotImplemented(text,
                                "\nUse levels over =, levenshtein, dates, numbers or lists instead, run on a cluster "
                                "that allows native code in Python functions, or use the embedded engine");
}

}  // namespace linkwright::spark
