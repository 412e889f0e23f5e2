#include "column/record_table.h"

#include <arrow/array.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "column/test_records.h"

namespace linkwright {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Result<RecordTable> make(const std::vector<test::TextColumn>& columns, std::vector<int64_t> ids) {
  ThreadPool pool(1);
  return RecordTable::make({{"people", test::text_table(columns, std::move(ids))}}, test::all_columns(columns), pool);
}

TEST(RecordTable, NumbersRecordsInOrderOfId) {
  const RecordTable records = make({{"name", {"c", "a", "b"}}}, {30, 10, 20}).ValueOrDie();
  EXPECT_EQ(records.id_text(0), "10");
  EXPECT_EQ(records.id_text(2), "30");
  EXPECT_THAT(records.row_of_input(), ElementsAre(2, 0, 1));
  const EncodedColumn* name = *records.column("name");
  EXPECT_EQ(static_cast<const arrow::StringArray&>(*name->values).GetView(name->codes[0] - 1), "a");
}

// Integers compare as integers in one dataset; composite ids compare as text (reference section 5.1).
TEST(RecordTable, ComparesIdsAsSplinkDoes) {
  EXPECT_EQ(make({{"name", {"x", "y"}}}, {9, 10}).ValueOrDie().id_text(0), "9");
  ThreadPool pool(1);
  RecordTableOptions options = test::all_columns({{"name", {}}});
  options.has_sources = true;
  const RecordTable linked =
      RecordTable::make({{"b", test::text_table({{"name", {"x", "y"}}}, std::vector<int64_t>{9, 10})},
                         {"a", test::text_table({{"name", {"z"}}}, std::vector<int64_t>{5})}},
                        options, pool)
          .ValueOrDie();
  EXPECT_EQ(linked.source_names()[linked.source_of_row()[0]], "a");
  EXPECT_EQ(linked.id_text(1), "10");
  EXPECT_EQ(linked.id_text(2), "9");
}

TEST(RecordTable, RefusesARepeatedIdAndSaysWhere) {
  const auto records = make({{"name", {"x", "y", "z"}}}, {7, 8, 7});
  EXPECT_THAT(records.status().message(), HasSubstr("7 is in records 1 and 3"));
}

TEST(RecordTable, KeepsARepeatedRecordOnceWhereThatIsAllowed) {
  ThreadPool pool(1);
  const std::vector<test::TextColumn> columns = {{"name", {"x", "y", "x", std::nullopt, "y"}}};
  RecordTableOptions options = test::all_columns(columns);
  options.repeated_records = true;
  const auto table = test::text_table(columns, std::vector<int64_t>{7, 3, 7, 5, 3});
  const RecordTable records = RecordTable::make({{"people", table}}, options, pool).ValueOrDie();
  EXPECT_EQ(records.num_rows(), 3U);
  EXPECT_EQ(records.id_text(0), "3");
  EXPECT_THAT(records.row_of_input(), ElementsAre(2, 0, 2, 1, 0));
  EXPECT_THAT((*records.column("name"))->codes, ElementsAre(2, 0, 1));
}

TEST(RecordTable, TakesTermFrequenciesThatRecordsBringAlong) {
  ThreadPool pool(1);
  const std::vector<test::TextColumn> columns = {{"name", {"x", "y", "x", std::nullopt}}};
  arrow::DoubleBuilder builder;
  ASSERT_TRUE(builder.AppendValues({0.5, 0.25, 0.5, 0}, {true, true, true, false}).ok());
  const auto frequencies = std::make_shared<arrow::ChunkedArray>(builder.Finish().ValueOrDie());
  RecordTableOptions options = test::all_columns(columns);
  options.frequency_prefix = "tf_";
  const auto table = test::text_table(columns, std::vector<int64_t>{4, 3, 2, 1})
                         ->AddColumn(1, arrow::field("tf_name", arrow::float64()), frequencies)
                         .ValueOrDie();
  const RecordTable records = RecordTable::make({{"people", table}}, options, pool).ValueOrDie();
  const EncodedColumn* name = *records.column("name");
  const TermFrequencyRanks ranks = rank_term_frequencies(*name).ValueOrDie();
  EXPECT_THAT(ranks.frequencies, ElementsAre(0, 0.25, 0.5));
  EXPECT_THAT(ranks.rank_of_code, ElementsAre(0, 2, 1));
}

TEST(RecordTable, AllowsTheSameIdInTwoDatasets) {
  const RecordTable records = test::linked_records_of({{{"name", {"x"}}}, {{"name", {"y"}}}});
  EXPECT_EQ(records.num_rows(), 2u);
}

TEST(RecordTable, TakesTheDatasetsThatAColumnNames) {
  const std::vector<test::TextColumn> columns = {{"source_dataset", {"b", "a", "b"}}, {"name", {"x", "y", "z"}}};
  RecordTableOptions options = test::all_columns(columns);
  options.has_sources = true;
  ThreadPool pool(1);
  const auto made = [&](const std::vector<test::TextColumn>& of) {
    return RecordTable::make({{"people", test::text_table(of, std::vector<int64_t>{1, 1, 2})}}, options, pool);
  };
  const RecordTable records = made(columns).ValueOrDie();
  EXPECT_THAT(records.row_of_input(), ElementsAre(1, 0, 2));
  std::vector<std::string> datasets;
  for (const uint16_t source : records.source_of_row()) datasets.push_back(records.source_names()[source]);
  EXPECT_THAT(datasets, ElementsAre("a", "b", "b"));

  const auto without_one = made({{"source_dataset", {"b", std::nullopt, "b"}}, columns[1]});
  EXPECT_THAT(without_one.status().message(), HasSubstr("column 'source_dataset' is null in record 2"));
}

// Splink's rules and levels may ask for it: l.source_dataset <> r.source_dataset.
TEST(RecordTable, HasTheDatasetOfItsInputsAsAColumnWhereThatIsAskedFor) {
  ThreadPool pool(1);
  const auto made = [&](const std::vector<std::string>& encoded) {
    RecordTableOptions options;
    options.has_sources = true;
    options.encoded = encoded;
    return RecordTable::make({{"b", test::text_table({{"name", {"x", "y"}}}, std::vector<int64_t>{2, 1})},
                              {"a", test::text_table({{"name", {"z"}}}, std::vector<int64_t>{5})}},
                             options, pool)
        .ValueOrDie();
  };
  const RecordTable records = made({"name", "SOURCE_DATASET"});
  const EncodedColumn* datasets = *records.column("source_dataset");
  std::vector<std::string> of_rows;
  for (const uint32_t code : datasets->codes)
    of_rows.push_back(datasets->values->GetScalar(code - 1).ValueOrDie()->ToString());
  EXPECT_THAT(of_rows, ElementsAre("a", "b", "b"));
  EXPECT_THAT(records.column_names(), ElementsAre("source_dataset", "unique_id", "name"));
  EXPECT_FALSE(made({"name"}).has_column("source_dataset"));
}

TEST(RecordTable, NamesTheNearestColumn) {
  const RecordTable records = test::records_of({{"first_name", {"x"}}});
  EXPECT_THAT(records.column("firstname").status().message(), HasSubstr("did you mean 'first_name'?"));
}

// As DuckDB does for Splink.
TEST(RecordTable, FindsAColumnWhateverTheCaseOfItsName) {
  ThreadPool pool(1);
  RecordTableOptions options;
  options.encoded = {"SURNAME", "name", "town"};
  const RecordTable records = RecordTable::make({{"people", test::text_table({{"Surname", {"a", "b"}},
                                                                              {"Name", {"c", "d"}},
                                                                              {"name", {"e", "f"}},
                                                                              {"Town", {"g", "h"}},
                                                                              {"TOWN", {"i", "j"}}})}},
                                                options, pool)
                                  .ValueOrDie();
  EXPECT_EQ((*records.column("SURNAME"))->name, "Surname");
  EXPECT_EQ((*records.column("name"))->name, "name") << "the very name goes first";
  EXPECT_FALSE(records.has_column("Name")) << "another column, which nobody asked for";
  EXPECT_FALSE(records.has_column("town")) << "two columns could be meant";
}

TEST(RecordTable, NamesAMissingIdColumn) {
  ThreadPool pool(1);
  RecordTableOptions options;
  options.unique_id_column = "id";
  const auto records = RecordTable::make({{"people", test::text_table({{"name", {"x"}}})}}, options, pool);
  EXPECT_THAT(records.status().message(), HasSubstr("unique_id_column_name"));
}

TEST(RecordTable, DerivesColumnsFromOthersAndFromEachOther) {
  ThreadPool pool(1);
  RecordTableOptions options = test::all_columns({{"first", {}}, {"last", {}}});
  options.derived = {{"full", "first || ' ' || last"}, {"initial", "substr(full, 1, 1)"}};
  const RecordTable records =
      RecordTable::make({{"people", test::text_table({{"first", {"ann", "bob"}}, {"last", {"lee", std::nullopt}}})}},
                        options, pool)
          .ValueOrDie();
  const EncodedColumn* full = *records.column("full");
  EXPECT_EQ(static_cast<const arrow::StringArray&>(*full->values).GetView(0), "ann lee");
  EXPECT_EQ(full->codes[1], 0u);
  EXPECT_EQ((*records.column("initial"))->codes[0], 1u);
}

TEST(RecordTable, MayBeEmpty) {
  const RecordTable records = test::records_of({{"name", {}}});
  EXPECT_EQ(records.num_rows(), 0u);
}

}  // namespace
}  // namespace linkwright
