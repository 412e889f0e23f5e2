// A few texts against many: the kernels, compiled once an instruction set.

#pragma once

#include "text/edit_distance_lanes_inl.h"
#include "text/jaro_lanes_inl.h"
#include "text/lane_kernels.h"

namespace linkwright {
namespace {

constexpr LaneKernels kLaneKernels = {
    {edit_distance_rows<uint8_t, false>, edit_distance_rows<uint16_t, false>, edit_distance_rows<uint32_t, false>,
     edit_distance_rows<uint64_t, false>},
    {edit_distance_rows<uint8_t, true>, edit_distance_rows<uint16_t, true>, edit_distance_rows<uint32_t, true>,
     edit_distance_rows<uint64_t, true>},
    {jaro_rows<uint8_t>, jaro_rows<uint16_t>, jaro_rows<uint32_t>, jaro_rows<uint64_t>},
};

}  // namespace
}  // namespace linkwright
