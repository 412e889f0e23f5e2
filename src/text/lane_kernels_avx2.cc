#include "text/lane_kernels_inl.h"

namespace linkwright {

const LaneKernels kAvx2LaneKernels = kLaneKernels;

}  // namespace linkwright
