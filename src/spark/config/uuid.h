#pragma once

#include <string>
#include <string_view>

namespace linkwright::spark {

/// Whether a text is a UUID as Spark wants it: 00112233-4455-6677-8899-aabbccddeeff, in either case.
bool is_uuid(std::string_view text);

/// A new random UUID (version 4) from the operating system's generator. Thread-safe.
std::string random_uuid();

}  // namespace linkwright::spark
