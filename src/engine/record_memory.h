#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "base/status.h"
#include "engine/input_survey.h"
#include "model/linkage_job.h"

namespace linkwright {

/// What a job's records take, in bytes, from their files to the tables that are linked. Borrows the job and the survey.
class RecordMemory {
 public:
  /// Errors: a rule or condition that does not parse.
  static Result<RecordMemory> make(const LinkageJob& job, const InputSurvey& inputs);

  /// The most while files are read, and while columns are encoded on `threads`.
  double reading() const;
  double preparing(int threads) const;
  /// What is held from then on.
  double held() const;

  /// The column of ids alone.
  double ids() const;
  /// Whether a column is held as codes of its values.
  bool is_encoded(const std::string& name) const {
    return std::find(encoded_.begin(), encoded_.end(), name) != encoded_.end();
  }

  /// A file's columns once it is read, and what is held beside them until then.
  static double table(const TableSurvey& input);
  static double beside(const TableSurvey& input);

 private:
  RecordMemory(const LinkageJob& job, const InputSurvey& inputs);
  static double table_column(const ColumnSurvey& column, ContentFormat format, double rows_read);
  double encoded(const ColumnSurvey& column) const;
  double encoding(const ColumnSurvey& column) const;

  const LinkageJob* job_;
  const InputSurvey* inputs_;
  double rows_;
  std::vector<std::string> encoded_;
};

}  // namespace linkwright
