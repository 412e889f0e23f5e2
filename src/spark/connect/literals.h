#pragma once

#include "linkwright/spark.h"
#include "spark/connect/messages.h"

namespace linkwright::spark {

proto::Expression::Literal literal_of(const Value& value);

/// The value of a literal; types that Value lacks come as text: a decimal "1.50", others as protobuf writes them.
Value value_of(const proto::Expression::Literal& literal);

}  // namespace linkwright::spark
