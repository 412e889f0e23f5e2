#include "kernel/spark_hash.h"

#include <bit>
#include <cstddef>

namespace linkwright {

int32_t spark_hash(int32_t value) {
  uint32_t mixed = static_cast<uint32_t>(value) * 0xcc9e2d51U;
  mixed = std::rotl(mixed, 15) * 0x1b873593U;
  uint32_t hash = std::rotl(42U ^ mixed, 13) * 5 + 0xe6546b64U;
  hash ^= 4;  // bytes
  hash = (hash ^ (hash >> 16)) * 0x85ebca6bU;
  hash = (hash ^ (hash >> 13)) * 0xc2b2ae35U;
  return static_cast<int32_t>(hash ^ (hash >> 16));
}

std::vector<int32_t> places_of_partitions(uint32_t partitions) {
  const auto number = static_cast<int64_t>(partitions);
  std::vector<int32_t> places(partitions);
  std::vector<bool> is_found(partitions);
  uint32_t found = 0;
  for (int32_t value = 0; found < partitions; ++value) {
    const auto partition = static_cast<size_t>(((spark_hash(value) % number) + number) % number);
    if (is_found[partition]) continue;
    is_found[partition] = true;
    places[partition] = value;
    ++found;
  }
  return places;
}

}  // namespace linkwright
