#pragma once

namespace linkwright {

/// Lets the process keep the memory that it frees, for later use, instead of returning it to the system: fresh pages
/// must be cleared, which on virtual machines costs more than the work done in them (docs/performance.md). Pieces of
/// 16 MiB and more go back all the same: they are few, and would leave holes that the next ones, somewhat larger, do
/// not fit in. Arrow gets the same allocator. To be called first thing in main; an environment that chooses another
/// pool for Arrow (ARROW_DEFAULT_MEMORY_POOL) is left to its choice.
void keep_freed_memory();

/// Gives back what has been freed so far: between the stages of a run that must stay under a limit. Takes milliseconds.
void return_freed_memory();

}  // namespace linkwright
