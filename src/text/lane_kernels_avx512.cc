#include "text/lane_kernels_inl.h"

namespace linkwright {

const LaneKernels kAvx512LaneKernels = kLaneKernels;

}  // namespace linkwright
