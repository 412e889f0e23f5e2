#include "text/lane_kernels_inl.h"
#include "text/pair_lane_kernels_inl.h"

namespace linkwright {

const LaneKernels kAvx512LaneKernels = kLaneKernels;
const PairLaneKernels kAvx512PairLaneKernels = kPairLaneKernels;

}  // namespace linkwright
