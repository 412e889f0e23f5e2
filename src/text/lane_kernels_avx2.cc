#include "text/lane_kernels_inl.h"
#include "text/pair_lane_kernels_inl.h"

namespace linkwright {

const LaneKernels kAvx2LaneKernels = kLaneKernels;
const PairLaneKernels kAvx2PairLaneKernels = kPairLaneKernels;

}  // namespace linkwright
