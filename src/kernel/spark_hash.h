#pragma once

#include <cstdint>
#include <vector>

namespace linkwright {

/// Spark's hash of an integer: Murmur3 for 32 bits with the seed 42.
/// Source: org.apache.spark.unsafe.hash.Murmur3_x86_32.hashInt.
int32_t spark_hash(int32_t value);

/// For each of some partitions a number that Spark's repartition by a column of such numbers sends there. Were Spark
/// to hash otherwise, two could share a partition and another stay empty, which the kernel does not mind.
std::vector<int32_t> places_of_partitions(uint32_t partitions);

}  // namespace linkwright
