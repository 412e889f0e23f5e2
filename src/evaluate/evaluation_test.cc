#include "evaluate/evaluation.h"

#include <arrow/array/builder_binary.h>
#include <arrow/array/builder_primitive.h>
#include <arrow/table.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/test_table.h"

namespace linkwright {
namespace {

using test::table_of;
using ::testing::HasSubstr;

template <typename Builder, typename Value>
std::shared_ptr<arrow::Array> array_of(const std::vector<Value>& values) {
  Builder builder;
  for (const Value& value : values) EXPECT_TRUE(builder.Append(value).ok());
  return builder.Finish().ValueOrDie();
}
std::shared_ptr<arrow::Array> numbers(const std::vector<int64_t>& values) {
  return array_of<arrow::Int64Builder>(values);
}
std::shared_ptr<arrow::Array> doubles(const std::vector<double>& values) {
  return array_of<arrow::DoubleBuilder>(values);
}
std::shared_ptr<arrow::Array> texts(const std::vector<std::string>& values) {
  return array_of<arrow::StringBuilder>(values);
}

/// Four records, two people; the pair (10, 20) is found, (30, 40) is missed, (20, 30) is wrong.
EvaluationInputs people() {
  EvaluationInputs inputs;
  inputs.clusters = table_of({{"cluster_id", numbers({10, 10, 30, 40})},
                              {"unique_id", numbers({10, 20, 30, 40})},
                              {"person", texts({"a", "a", "b", "b"})}});
  inputs.label_column = "person";
  inputs.predictions = table_of(
      {{"match_weight", doubles({8, -2})}, {"unique_id_l", numbers({10, 20})}, {"unique_id_r", numbers({20, 30})}});
  return inputs;
}

TEST(EvaluateLinkage, MeasuresClustersAndThresholds) {
  const Evaluation evaluation = evaluate_linkage(people()).ValueOrDie();
  ASSERT_TRUE(evaluation.clusters.has_value());
  EXPECT_EQ(evaluation.clusters->pairwise.precision, 1.0);
  EXPECT_EQ(evaluation.clusters->pairwise.recall, 0.5);
  ASSERT_EQ(evaluation.thresholds.size(), 2U);
  EXPECT_EQ(evaluation.thresholds[1].true_positives, 1);
  EXPECT_EQ(evaluation.thresholds[1].false_negatives, 1);
  EXPECT_EQ(evaluation.thresholds[0].false_positives, 1);
  EXPECT_EQ(evaluation.thresholds[0].total_labels, 6);
  EXPECT_THAT(evaluation.to_text(), HasSubstr("best F1"));
  EXPECT_EQ(evaluation.to_json().at("clusters").at("true_pairs"), 2);
}

TEST(EvaluateLinkage, EndsWhenCancelled) {
  Cancellation cancellation;
  cancellation.request();
  EvaluationInputs inputs = people();
  inputs.cancellation = &cancellation;
  EXPECT_TRUE(evaluate_linkage(inputs).status().IsCancelled());
}

TEST(EvaluateLinkage, PrefersLabelledPairs) {
  EvaluationInputs inputs = people();
  inputs.label_column = "";
  inputs.labelled_pairs = table_of({{"unique_id_l", numbers({20, 40})},
                                    {"unique_id_r", numbers({10, 30})},
                                    {"clerical_match_score", doubles({1, 1})}});
  const Evaluation evaluation = evaluate_linkage(inputs).ValueOrDie();
  EXPECT_FALSE(evaluation.clusters.has_value());
  ASSERT_EQ(evaluation.thresholds.size(), 1U);
  EXPECT_EQ(evaluation.thresholds[0].recall, 0.5);
}

TEST(EvaluateLinkage, TellsEqualIdsOfTwoDatasetsApart) {
  EvaluationInputs inputs;
  inputs.clusters = table_of({{"cluster_id", texts({"x", "y", "x"})},
                              {"source_dataset", texts({"a", "a", "b"})},
                              {"unique_id", numbers({1, 2, 1})},
                              {"person", numbers({7, 7, 7})}});
  inputs.label_column = "person";
  inputs.only_across_datasets = true;
  inputs.predictions = table_of({{"match_weight", doubles({3})},
                                 {"source_dataset_l", texts({"a"})},
                                 {"source_dataset_r", texts({"b"})},
                                 {"unique_id_l", numbers({1})},
                                 {"unique_id_r", numbers({1})}});
  const Evaluation evaluation = evaluate_linkage(inputs).ValueOrDie();
  EXPECT_EQ(evaluation.clusters->num_true_pairs, 2U);  // within dataset a is none
  EXPECT_EQ(evaluation.thresholds.at(0).true_positives, 1);
  EXPECT_EQ(evaluation.thresholds.at(0).total_labels, 2);
}

TEST(EvaluateLinkage, RefusesTablesThatDoNotBelongTogether) {
  EvaluationInputs inputs = people();
  inputs.label_column = "persom";
  EXPECT_THAT(evaluate_linkage(inputs).status().message(), HasSubstr("did you mean 'person'"));
  inputs = people();
  inputs.predictions =
      table_of({{"match_weight", doubles({8})}, {"unique_id_l", numbers({10})}, {"unique_id_r", numbers({99})}});
  EXPECT_THAT(evaluate_linkage(inputs).status().message(), HasSubstr("row 1 of the predictions"));
  inputs.predictions =
      table_of({{"match_weight", doubles({8})}, {"unique_id_l", texts({"10"})}, {"unique_id_r", texts({"20"})}});
  EXPECT_THAT(evaluate_linkage(inputs).status().message(), HasSubstr("must be the same ids"));
  inputs = people();
  inputs.unique_id_column = "cluster_id";
  EXPECT_THAT(evaluate_linkage(inputs).status().message(), HasSubstr("records 1 and 2 have the same"));
  inputs = people();
  inputs.only_across_datasets = true;
  EXPECT_THAT(evaluate_linkage(inputs).status().message(), HasSubstr("no column 'source_dataset'"));
}

}  // namespace
}  // namespace linkwright
