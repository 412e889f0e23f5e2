#pragma once

#include "spark/connect/base.grpc.pb.h"

namespace linkwright::spark {

/// Spark's own messages, whose namespace would otherwise hide behind ours.
namespace proto = ::spark::connect;

}  // namespace linkwright::spark
