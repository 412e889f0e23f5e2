#include "text/lane_kernels_inl.h"

namespace linkwright {

const LaneKernels kBaselineLaneKernels = kLaneKernels;

}  // namespace linkwright
