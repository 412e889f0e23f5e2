#include "expr/step.h"

#include <array>
#include <utility>

#include "expr/block_builder.h"

namespace linkwright {
namespace {

std::vector<size_t> add_all(BlockBuilder& builder, const std::vector<StepPtr>& steps) {
  std::vector<size_t> nodes;
  nodes.reserve(steps.size());
  for (const StepPtr& step : steps) nodes.push_back(step->add_to(builder));
  return nodes;
}

class ConstantStep final : public Step {
 public:
  ConstantStep(const Value& value, ValueKind kind) : value_(value), kind_(kind) {}
  Value run(Frame& /*frame*/) const override { return value_; }
  size_t add_to(BlockBuilder& builder) const override { return builder.constant(value_, kind_); }

 private:
  Value value_;
  ValueKind kind_;
};

class ColumnStep final : public Step {
 public:
  explicit ColumnStep(size_t index) : index_(index) {}
  Value run(Frame& frame) const override { return frame.column(index_); }
  size_t add_to(BlockBuilder& builder) const override { return builder.column(index_); }

 private:
  size_t index_;
};

class ParameterStep final : public Step {
 public:
  explicit ParameterStep(size_t index) : index_(index) {}
  Value run(Frame& frame) const override { return frame.parameter(index_); }
  // The list function around it is one node.
  size_t add_to(BlockBuilder& builder) const override { return builder.constant(Value::null(), ValueKind::kNull); }

 private:
  size_t index_;
};

class CallStep final : public Step {
 public:
  CallStep(StepFunction function, std::vector<StepPtr> arguments, size_t position)
      : function_(std::move(function)), arguments_(std::move(arguments)), position_(position) {}

  Value run(Frame& frame) const override {
    constexpr size_t kInline = 4;
    std::array<Value, kInline> inline_values;
    std::span<Value> values(inline_values);
    if (arguments_.size() > kInline) values = frame.arena().allocate_values(arguments_.size());
    for (size_t i = 0; i < arguments_.size(); ++i) {
      values[i] = arguments_[i]->run(frame);
      if (values[i].is_null() && !function_.takes_nulls) return Value::null();
    }
    if (frame.failed()) return Value::null();
    const Value result = function_.scalar(values.first(arguments_.size()), frame);
    if (frame.failed()) [[unlikely]] {
      frame.locate(position_);
    }
    return result;
  }

  size_t add_to(BlockBuilder& builder) const override { return builder.call(function_, add_all(builder, arguments_)); }

 private:
  StepFunction function_;
  std::vector<StepPtr> arguments_;
  size_t position_;
};

// Three-valued AND (kStop = false) and OR (kStop = true): the stop value wins over null.
template <bool kStop>
class JunctionStep final : public Step {
 public:
  explicit JunctionStep(std::vector<StepPtr> conditions) : conditions_(std::move(conditions)) {}

  Value run(Frame& frame) const override {
    bool saw_null = false;
    for (const StepPtr& condition : conditions_) {
      const Value value = condition->run(frame);
      if (value.is_null()) {
        saw_null = true;
      } else if (value.boolean == kStop) {
        return value;
      }
    }
    return saw_null ? Value::null() : Value::of_boolean(!kStop);
  }

  size_t add_to(BlockBuilder& builder) const override {
    return builder.junction(!kStop, add_all(builder, conditions_));
  }

 private:
  std::vector<StepPtr> conditions_;
};

class CaseStep final : public Step {
 public:
  CaseStep(std::vector<StepPtr> conditions, std::vector<StepPtr> values, ValueKind kind)
      : conditions_(std::move(conditions)), values_(std::move(values)), kind_(kind) {}

  Value run(Frame& frame) const override {
    for (size_t i = 0; i < conditions_.size(); ++i) {
      const Value condition = conditions_[i]->run(frame);
      if (!condition.is_null() && condition.boolean) return values_[i]->run(frame);
    }
    return values_.back()->run(frame);
  }

  size_t add_to(BlockBuilder& builder) const override {
    return builder.case_when(add_all(builder, conditions_), add_all(builder, values_), kind_);
  }

 private:
  std::vector<StepPtr> conditions_;
  std::vector<StepPtr> values_;
  ValueKind kind_;
};

class CoalesceStep final : public Step {
 public:
  CoalesceStep(std::vector<StepPtr> values, ValueKind kind) : values_(std::move(values)), kind_(kind) {}

  Value run(Frame& frame) const override {
    for (const StepPtr& step : values_) {
      const Value value = step->run(frame);
      if (!value.is_null()) return value;
    }
    return Value::null();
  }

  size_t add_to(BlockBuilder& builder) const override { return builder.coalesce(add_all(builder, values_), kind_); }

 private:
  std::vector<StepPtr> values_;
  ValueKind kind_;
};

class ListTransformStep final : public Step {
 public:
  explicit ListTransformStep(LambdaStep lambda) : lambda_(std::move(lambda)) {}

  Value run(Frame& frame) const override {
    const Value list = lambda_.list->run(frame);
    if (list.is_null()) return Value::null();
    const std::span<const Value> items = list.list();
    const std::span<Value> results = frame.arena().allocate_values(items.size());
    for (size_t i = 0; i < items.size(); ++i) {
      if (frame.failed() || !frame.count_element()) return Value::null();
      frame.parameter(lambda_.element_parameter) = items[i];
      if (lambda_.index_parameter) {
        frame.parameter(*lambda_.index_parameter) = Value::of_integer(static_cast<int64_t>(i) + 1);
      }
      results[i] = lambda_.body->run(frame);
    }
    return Value::of_list(results);
  }

  size_t add_to(BlockBuilder& builder) const override { return builder.one_by_one(*this, ValueKind::kList); }

 private:
  LambdaStep lambda_;
};

class ListFilterStep final : public Step {
 public:
  explicit ListFilterStep(LambdaStep lambda) : lambda_(std::move(lambda)) {}

  Value run(Frame& frame) const override {
    const Value list = lambda_.list->run(frame);
    if (list.is_null()) return Value::null();
    const std::span<const Value> items = list.list();
    const std::span<Value> results = frame.arena().allocate_values(items.size());
    size_t kept = 0;
    for (size_t i = 0; i < items.size(); ++i) {
      if (frame.failed() || !frame.count_element()) return Value::null();
      frame.parameter(lambda_.element_parameter) = items[i];
      if (lambda_.index_parameter) {
        frame.parameter(*lambda_.index_parameter) = Value::of_integer(static_cast<int64_t>(i) + 1);
      }
      const Value keep = lambda_.body->run(frame);
      if (!keep.is_null() && keep.boolean) results[kept++] = items[i];
    }
    return Value::of_list(results.first(kept));
  }

  size_t add_to(BlockBuilder& builder) const override { return builder.one_by_one(*this, ValueKind::kList); }

 private:
  LambdaStep lambda_;
};

}  // namespace

Value Frame::fail(std::string message) {
  if (!error_) error_ = std::move(message);
  return Value::null();
}

bool Frame::count_element() {
  constexpr size_t kMostElements = 10'000'000;
  if (++elements_ <= kMostElements) return true;
  fail("this evaluation loops over more than 10 million list elements");
  return false;
}

StepPtr constant_step(const Value& value, ValueKind kind) { return std::make_unique<ConstantStep>(value, kind); }
StepPtr column_step(size_t index) { return std::make_unique<ColumnStep>(index); }
StepPtr parameter_step(size_t index) { return std::make_unique<ParameterStep>(index); }

StepPtr call_step(StepFunction function, std::vector<StepPtr> arguments, size_t position) {
  return std::make_unique<CallStep>(std::move(function), std::move(arguments), position);
}

StepPtr and_step(std::vector<StepPtr> conditions) {
  return std::make_unique<JunctionStep<false>>(std::move(conditions));
}
StepPtr or_step(std::vector<StepPtr> conditions) { return std::make_unique<JunctionStep<true>>(std::move(conditions)); }

StepPtr case_step(std::vector<StepPtr> conditions, std::vector<StepPtr> values, ValueKind kind) {
  return std::make_unique<CaseStep>(std::move(conditions), std::move(values), kind);
}
StepPtr coalesce_step(std::vector<StepPtr> values, ValueKind kind) {
  return std::make_unique<CoalesceStep>(std::move(values), kind);
}

StepPtr list_transform_step(LambdaStep lambda) { return std::make_unique<ListTransformStep>(std::move(lambda)); }
StepPtr list_filter_step(LambdaStep lambda) { return std::make_unique<ListFilterStep>(std::move(lambda)); }

}  // namespace linkwright
