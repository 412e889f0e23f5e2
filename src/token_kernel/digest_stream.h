#pragma once

#include <memory>

#include "base/status.h"
#include "token_kernel/digest_task.h"

namespace arrow {
class RecordBatchReader;
}

namespace linkwright {

/// The rows of a tokenised dataset (RuleId, Token, RecordId: texts; lw_row: int64), with digests in the place of
/// tokens: for rows of one record that follow each other one row,
///
///     RecordId | lw_row of the first | lw_t0, lw_t1, ...: the digest of each of the task's rules, null for none
///
/// or several, when there are different tokens of one rule. Behind them come rows that count, with a name in lw_count
/// and a number in lw_rows, and nothing else: `rows`, `tokens`, `undecrypted` (as TokenTally has them), and `rule NAME`
/// for every rule there is, with its rows where it is one of the task's.
///
/// Errors: a column that is missing; the executor's key; encrypted tokens, where the task has no key.
Result<std::shared_ptr<arrow::RecordBatchReader>> digest_tokens(DigestTask task,
                                                                std::shared_ptr<arrow::RecordBatchReader> rows);

/// One row with the SHA-256 of the executor's encryption key, "" where it has none. A key that is none is an error.
std::shared_ptr<arrow::RecordBatchReader> encryption_key_hash(ExecutorSecret key);

}  // namespace linkwright
