#include "engine/link_store.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <string_view>
#include <utility>

#include "io/external_sorter.h"

namespace linkwright {
namespace {

// What an edge takes in all while best links are found: itself, and as a neighbour of both its ends.
constexpr size_t kClusteredEdgeBytes = sizeof(ScoredEdge) + 32;
constexpr size_t kLeastHeld = 1 << 10;

// The smallest row of an edge's component, its ends and the bits of its probability, as bytes that sort in this order.
using ComponentEdge = std::array<uint32_t, 5>;

ComponentEdge to_bytes(uint32_t component, const ScoredEdge& edge) {
  const auto probability = std::bit_cast<uint64_t>(edge.match_probability);
  return {__builtin_bswap32(component), __builtin_bswap32(edge.left), __builtin_bswap32(edge.right),
          static_cast<uint32_t>(probability), static_cast<uint32_t>(probability >> 32)};
}

ScoredEdge edge_of(const ComponentEdge& bytes) {
  return {__builtin_bswap32(bytes[1]), __builtin_bswap32(bytes[2]),
          std::bit_cast<double>(uint64_t{bytes[4]} << 32 | bytes[3])};
}

}  // namespace

LinkStore::LinkStore(uint32_t num_rows, const MemoryBudget& budget, std::string folder)
    : budget_(budget),
      folder_(std::move(folder)),
      most_held_(std::max(kLeastHeld, static_cast<size_t>(budget.buffer_bytes()) / kClusteredEdgeBytes)),
      components_(num_rows) {}

Status LinkStore::add(const ScoredEdge& edge) {
  components_.unite(edge.left, edge.right);
  held_.push_back(edge);
  return held_.size() < most_held_ ? Status::OK() : put_away();
}

Status LinkStore::put_away() {
  ARROW_RETURN_NOT_OK(put_away_.append(held_, folder_));
  held_.clear();
  return Status::OK();
}

Status LinkStore::for_each_part(const std::function<Status(std::span<const ScoredEdge>)>& visit) {
  if (put_away_.empty()) return visit(held_);
  ARROW_RETURN_NOT_OK(put_away());
  held_ = {};
  return for_each_component(visit);
}

Status LinkStore::for_each_component(const std::function<Status(std::span<const ScoredEdge>)>& visit) {
  ExternalSorter sorter(static_cast<size_t>(budget_.buffer_bytes()) / 2, folder_);
  ARROW_RETURN_NOT_OK(put_away_.for_each_piece([&](std::span<const ScoredEdge> piece) -> Status {
    for (const ScoredEdge& edge : piece) {
      const ComponentEdge entry = to_bytes(components_.find(edge.left), edge);
      ARROW_RETURN_NOT_OK(sorter.add({reinterpret_cast<const char*>(entry.data()), sizeof(entry)}));
    }
    return Status::OK();
  }));
  put_away_.clear();
  ARROW_RETURN_NOT_OK(sorter.finish());

  std::vector<ScoredEdge> part;
  size_t first_of_component = 0;  // its edges are the last of the part
  uint32_t component = 0;
  std::string_view text;
  for (;;) {
    ARROW_ASSIGN_OR_RAISE(const bool more, sorter.next(&text));
    if (!more) break;
    ComponentEdge entry;
    std::memcpy(entry.data(), text.data(), sizeof(entry));
    if (entry[0] != component) {
      if (part.size() >= most_held_ / 2) {
        ARROW_RETURN_NOT_OK(visit(part));
        part.clear();
      }
      component = entry[0];
      first_of_component = part.size();
    }
    if (budget_.is_limited() && part.size() - first_of_component >= most_held_) {
      return Status::OutOfMemory("more than ", most_held_, " links join the records of one connected component, and ",
                                 "best links need all of them at once, ", kClusteredEdgeBytes,
                                 " bytes each; raise the cluster threshold, or give --memory-limit more");
    }
    part.push_back(edge_of(entry));
  }
  return part.empty() ? Status::OK() : visit(part);
}

}  // namespace linkwright
