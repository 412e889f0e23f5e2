#include "spark/linkage/kept_rows.h"

namespace linkwright::spark {

Result<KeptRows> KeptRows::cache(DataFrame rows) {
  ARROW_RETURN_NOT_OK(rows.cache());
  return KeptRows(std::move(rows));
}

KeptRows& KeptRows::operator=(KeptRows&& other) noexcept {
  if (this == &other) return *this;
  give_up();
  rows_ = std::exchange(other.rows_, std::nullopt);
  return *this;
}

// A server that is gone keeps nothing, and another failure is no reason to fail a run whose results are there.
void KeptRows::give_up() const {
  if (rows_) [[maybe_unused]]
    const Status ignored = rows_->unpersist();
}

}  // namespace linkwright::spark
