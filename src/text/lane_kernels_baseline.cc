#include "text/lane_kernels_inl.h"
#include "text/pair_lane_kernels_inl.h"

namespace linkwright {

const LaneKernels kBaselineLaneKernels = kLaneKernels;
const PairLaneKernels kBaselinePairLaneKernels = kPairLaneKernels;

}  // namespace linkwright
