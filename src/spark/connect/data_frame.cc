#include <arrow/type.h>

#include <string>
#include <utility>

#include "linkwright/spark.h"
#include "spark/connect/python_function.h"
#include "spark/connect/session_state.h"

namespace linkwright::spark {
namespace {

/// A relation over one input: `fill` gets the part that is made, whose input is set already.
template <class Part, class Fill>
DataFrame over(const std::shared_ptr<const DataFrame::State>& input, Part* (proto::Relation::*part)(), Fill fill) {
  return make_data_frame(input->session, [&](proto::Relation* relation) {
    Part* made = (relation->*part)();
    *made->mutable_input() = input->relation;
    fill(made);
  });
}

template <class Repeated>
void add_expressions(const std::vector<Column>& columns, Repeated* expressions) {
  for (const Column& column : columns) *expressions->Add() = column.expression();
}

std::string in_backquotes(const std::string& name) {
  std::string text = "`";
  for (const char c : name) text.append(c == '`' ? 2 : 1, c);
  return text + "`";
}

proto::Join::JoinType join_type(JoinType type) {
  switch (type) {
    case JoinType::kInner:
      return proto::Join::JOIN_TYPE_INNER;
    case JoinType::kLeftOuter:
      return proto::Join::JOIN_TYPE_LEFT_OUTER;
    case JoinType::kRightOuter:
      return proto::Join::JOIN_TYPE_RIGHT_OUTER;
    case JoinType::kFullOuter:
      return proto::Join::JOIN_TYPE_FULL_OUTER;
    case JoinType::kLeftSemi:
      return proto::Join::JOIN_TYPE_LEFT_SEMI;
    case JoinType::kLeftAnti:
      return proto::Join::JOIN_TYPE_LEFT_ANTI;
    case JoinType::kCross:
      return proto::Join::JOIN_TYPE_CROSS;
  }
  return proto::Join::JOIN_TYPE_UNSPECIFIED;
}

template <class Fill>
DataFrame joined(const DataFrame::State& left, const DataFrame::State& right, JoinType type, Fill fill) {
  return make_data_frame(left.session, [&](proto::Relation* relation) {
    proto::Join* join = relation->mutable_join();
    *join->mutable_left() = left.relation;
    *join->mutable_right() = right.relation;
    join->set_join_type(join_type(type));
    fill(join);
  });
}

DataFrame united(const DataFrame::State& first, const DataFrame::State& second, bool by_name, bool allow_missing) {
  return make_data_frame(first.session, [&](proto::Relation* relation) {
    proto::SetOperation* operation = relation->mutable_set_op();
    *operation->mutable_left_input() = first.relation;
    *operation->mutable_right_input() = second.relation;
    operation->set_set_op_type(proto::SetOperation::SET_OP_TYPE_UNION);
    operation->set_is_all(true);
    operation->set_by_name(by_name);
    operation->set_allow_missing_columns(allow_missing);
  });
}

}  // namespace

DataFrame::DataFrame(std::shared_ptr<const State> state) : state_(std::move(state)) {}

DataFrame DataFrame::select(const std::vector<Column>& columns) const {
  return over(state_, &proto::Relation::mutable_project,
              [&](proto::Project* project) { add_expressions(columns, project->mutable_expressions()); });
}

DataFrame DataFrame::filter(const Column& condition) const {
  return over(state_, &proto::Relation::mutable_filter,
              [&](proto::Filter* filter) { *filter->mutable_condition() = condition.expression(); });
}

DataFrame DataFrame::with_column(std::string_view name, const Column& column) const {
  return over(state_, &proto::Relation::mutable_with_columns, [&](proto::WithColumns* with) {
    auto* alias = with->add_aliases();
    *alias->mutable_expr() = column.expression();
    alias->add_name(std::string(name));
  });
}

DataFrame DataFrame::with_column_renamed(std::string_view name, std::string_view new_name) const {
  return over(state_, &proto::Relation::mutable_with_columns_renamed, [&](proto::WithColumnsRenamed* renamed) {
    auto* rename = renamed->add_renames();
    rename->set_col_name(std::string(name));
    rename->set_new_col_name(std::string(new_name));
  });
}

DataFrame DataFrame::drop(const std::vector<std::string>& names) const {
  return over(state_, &proto::Relation::mutable_drop, [&](proto::Drop* drop) {
    for (const std::string& name : names) drop->add_column_names(name);
  });
}

DataFrame DataFrame::alias(std::string_view name) const {
  return over(state_, &proto::Relation::mutable_subquery_alias,
              [&](proto::SubqueryAlias* alias) { alias->set_alias(std::string(name)); });
}

DataFrame DataFrame::join(const DataFrame& other, const std::vector<std::string>& on, JoinType type) const {
  return joined(*state_, *other.state_, type, [&](proto::Join* join) {
    for (const std::string& name : on) join->add_using_columns(name);
  });
}

DataFrame DataFrame::join(const DataFrame& other, const Column& condition, JoinType type) const {
  return joined(*state_, *other.state_, type,
                [&](proto::Join* join) { *join->mutable_join_condition() = condition.expression(); });
}

DataFrame DataFrame::cross_join(const DataFrame& other) const {
  return joined(*state_, *other.state_, JoinType::kCross, [](proto::Join* /*join*/) {});
}

DataFrame DataFrame::union_all(const DataFrame& other) const { return united(*state_, *other.state_, false, false); }

DataFrame DataFrame::union_by_name(const DataFrame& other, bool allow_missing_columns) const {
  return united(*state_, *other.state_, true, allow_missing_columns);
}

GroupedData DataFrame::group_by(const std::vector<Column>& keys) const { return GroupedData(*this, keys); }

DataFrame DataFrame::agg(const std::vector<Column>& aggregates) const { return group_by({}).agg(aggregates); }

DataFrame GroupedData::agg(const std::vector<Column>& aggregates) const {
  return over(input_.state_, &proto::Relation::mutable_aggregate, [&](proto::Aggregate* aggregate) {
    aggregate->set_group_type(proto::Aggregate::GROUP_TYPE_GROUPBY);
    add_expressions(keys_, aggregate->mutable_grouping_expressions());
    add_expressions(aggregates, aggregate->mutable_aggregate_expressions());
  });
}

DataFrame GroupedData::count() const { return agg({expr("count(1)").alias("count")}); }

DataFrame DataFrame::sort(const std::vector<Column>& columns) const {
  return over(state_, &proto::Relation::mutable_sort, [&](proto::Sort* sort) {
    sort->set_is_global(true);
    for (const Column& column : columns) {
      const bool has_order = column.expression().has_sort_order();
      *sort->add_order() = has_order ? column.expression().sort_order() : column.asc().expression().sort_order();
    }
  });
}

DataFrame DataFrame::limit(int rows) const {
  return over(state_, &proto::Relation::mutable_limit, [&](proto::Limit* limit) { limit->set_limit(rows); });
}

DataFrame DataFrame::distinct() const {
  return over(state_, &proto::Relation::mutable_deduplicate,
              [&](proto::Deduplicate* deduplicate) { deduplicate->set_all_columns_as_keys(true); });
}

DataFrame DataFrame::drop_duplicates(const std::vector<std::string>& names) const {
  if (names.empty()) return distinct();
  return over(state_, &proto::Relation::mutable_deduplicate, [&](proto::Deduplicate* deduplicate) {
    for (const std::string& name : names) deduplicate->add_column_names(name);
  });
}

DataFrame DataFrame::repartition(int partitions, const std::vector<Column>& by) const {
  if (by.empty()) {
    return over(state_, &proto::Relation::mutable_repartition, [&](proto::Repartition* repartition) {
      repartition->set_num_partitions(partitions);
      repartition->set_shuffle(true);
    });
  }
  return over(state_, &proto::Relation::mutable_repartition_by_expression,
              [&](proto::RepartitionByExpression* repartition) {
                repartition->set_num_partitions(partitions);
                add_expressions(by, repartition->mutable_partition_exprs());
              });
}

DataFrame DataFrame::coalesce(int partitions) const {
  return over(state_, &proto::Relation::mutable_repartition, [&](proto::Repartition* repartition) {
    repartition->set_num_partitions(partitions);
    repartition->set_shuffle(false);
  });
}

Result<DataFrame> DataFrame::map_in_arrow(const PythonFunction& function) const {
  ARROW_ASSIGN_OR_RAISE(auto udf, map_function(*state_->session, function));
  // Columns that are not named as arguments do not reach the function: Spark reads only what a plan uses.
  ARROW_ASSIGN_OR_RAISE(const auto columns, schema());
  for (const auto& field : columns->fields()) *udf.add_arguments() = col(in_backquotes(field->name())).expression();
  return over(state_, &proto::Relation::mutable_map_partitions,
              [&](proto::MapPartitions* map) { *map->mutable_func() = std::move(udf); });
}

DataFrame DataFrame::observe(std::string_view name, const std::vector<Column>& aggregates) const {
  return over(state_, &proto::Relation::mutable_collect_metrics, [&](proto::CollectMetrics* metrics) {
    metrics->set_name(std::string(name));
    add_expressions(aggregates, metrics->mutable_metrics());
  });
}

DataFrameWriter DataFrame::write() const { return DataFrameWriter(*this); }

}  // namespace linkwright::spark
