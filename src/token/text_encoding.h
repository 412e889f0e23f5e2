#pragma once

#include <cstddef>
#include <cstdint>

namespace linkwright {

/// Lower-case hexadecimal: writes two characters a byte.
void write_hex(const uint8_t* bytes, size_t size, char* out);

/// Standard base64 with padding: writes 4 characters for every 3 bytes begun, and nothing behind them.
void write_base64(const uint8_t* bytes, size_t size, char* out);

}  // namespace linkwright
