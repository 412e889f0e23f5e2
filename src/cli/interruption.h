#pragma once

#include "base/cancellation.h"

namespace linkwright {

/// Lets Ctrl-C (SIGINT), SIGTERM and SIGHUP, where it is not ignored, end the program within a second, with exit code
/// 1, a message, older files as they were and nothing half written. To be called once, first thing in main; gives the
/// flag that the signals set.
///
/// Work looks at the flag and nearly always ends by itself in a tenth of a second. What cannot look up by then, in a
/// call into a library or to a slow disk, is ended half a second after the signal, without its unfinished files; not
/// once the files of a run are getting their names, since then it is done. A second signal ends the program at once.
const Cancellation& end_by_interruption();

/// Tells the user, on stderr, that the program was interrupted and what it left. Once; async-signal-safe.
void tell_interrupted() noexcept;

}  // namespace linkwright
