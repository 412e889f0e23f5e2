#pragma once

#include <cstdint>

namespace linkwright {

/// The sides of a block that its rows are on, in the column lw_side of `describe_blocks`.
enum class BlockSide : int32_t { kBoth, kLeft, kRight };

}  // namespace linkwright
