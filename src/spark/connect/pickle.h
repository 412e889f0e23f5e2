#pragma once

#include <string>
#include <string_view>

namespace linkwright::spark {

/// The pair (function, type) as Spark's Python worker unpickles it, written without Python: the source is executed
/// there, and the function taken from its names. `type_json` is Spark's JSON for the type it returns; empty: None.
///
/// Source: Python's pickletools (protocol 3), pyspark/worker.py (read_command) of Spark 4.2.1.
std::string pickle_function(std::string_view source, std::string_view function, std::string_view type_json);

}  // namespace linkwright::spark
