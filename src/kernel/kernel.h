#pragma once

/* The native work of linkage on Spark, as the executors call it: a shared library with a C interface and nothing else
 * that shows. Records come in and results go out as Arrow C streams, so that no version of Arrow's C++ is shared with
 * the caller. What the operations are, and their rows, is said in docs/kernel.md. */

#include <arrow/c/abi.h>
#include <stdint.h> /* NOLINT(modernize-deprecated-headers): C reads this file as well */

#ifdef __cplusplus
extern "C" {
#endif

/* Runs one operation on the rows of one partition.
 *
 * `task_json` names the operation, with its job and options. `in` is taken over in any case, and released when it is
 * read or no longer needed; it is only read by the thread that calls `out`'s get_next. Returns 0 with `out` filled,
 * which the caller releases, at any time; or another number with a message in `error` (ended by NUL, cut at
 * `error_size` bytes) and an `out` that is released already. Errors that show later come from `out`'s get_next and
 * get_last_error. Results are made while they are read: by one thread for a call, a few batches ahead.
 * Calls do not share anything and may be made from several threads. */
int linkwright_kernel_run(const char* task_json, struct ArrowArrayStream* in, struct ArrowArrayStream* out, char* error,
                          int64_t error_size);

#ifdef __cplusplus
}
#endif
