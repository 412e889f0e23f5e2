#include "profile/job_proposal.h"

#include <arrow/array/builder_dict.h>
#include <arrow/scalar.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>
#include <map>
#include <set>

#include "generate/people.h"
#include "profile/profile_fixtures.h"

namespace linkwright {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

std::shared_ptr<arrow::Table> people(uint64_t num_rows, uint64_t seed = 1) {
  const PeopleGenerator generator = PeopleGenerator::make({.num_rows = num_rows, .seed = seed}).ValueOrDie();
  return arrow::Table::FromRecordBatches({generator.batch(0, num_rows).ValueOrDie()}).ValueOrDie();
}

Result<JobProposal> propose(const std::vector<std::shared_ptr<arrow::Table>>& tables,
                            const ProposalOptions& options = {}, int threads = 2) {
  std::vector<ProposedInput> inputs;
  for (size_t i = 0; i < tables.size(); ++i) {
    inputs.push_back({"t" + std::to_string(i), {"t" + std::to_string(i) + ".csv"}, tables[i]});
  }
  ThreadPool pool(threads);
  return propose_job(inputs, pool, options);
}

/// The oracle counts a rule's pairs one by one; for rules of whole columns joined by AND.
uint64_t pairs_one_by_one(const arrow::Table& table, const BlockingCandidate& rule, const TableProfile& profile) {
  uint64_t pairs = 0;
  for (int64_t left = 0; left < table.num_rows(); ++left) {
    for (int64_t right = left + 1; right < table.num_rows(); ++right) {
      bool is_pair = true;
      for (const KeyPart& part : rule.parts) {
        const auto column = table.GetColumnByName(profile.columns[part.column].name);
        const auto one = column->GetScalar(left).ValueOrDie(), other = column->GetScalar(right).ValueOrDie();
        const auto front = [&](const arrow::Scalar& value) {
          return part.prefix > 0 ? value.ToString().substr(0, part.prefix) : value.ToString();
        };
        is_pair = is_pair && one->is_valid && other->is_valid && front(*one) == front(*other);
      }
      pairs += is_pair;
    }
  }
  return pairs;
}

std::set<std::string> columns_of(const BlockingCandidate& rule, const TableProfile& profile) {
  std::set<std::string> names;
  for (const KeyPart& part : rule.parts) names.insert(profile.columns[part.column].name);
  return names;
}

TEST(ProposeJob, EndsWhenCancelled) {
  Cancellation cancellation;
  cancellation.request();
  EXPECT_TRUE(propose({people(100)}, {.cancellation = &cancellation}).status().IsCancelled());
}

TEST(ProposeJob, ComparesPeopleByEveryColumnButIdAndTruth) {
  const JobProposal proposal = propose({people(5000)}).ValueOrDie();
  std::vector<std::string> kinds;
  for (const ComparisonChoice& choice : proposal.comparisons.chosen) {
    kinds.push_back(choice.column + " " + choice.comparison.at("comparison").get<std::string>());
  }
  EXPECT_THAT(kinds, ::testing::ElementsAre("first_name CustomComparison", "surname CustomComparison",
                                            "dob DateOfBirthComparison", "city LevenshteinAtThresholds",
                                            "postcode PostcodeComparison", "email EmailComparison"));
  EXPECT_EQ(proposal.unique_id, "unique_id");
}

TEST(ProposeJob, LooksForSwappedNamesWhereBothAreThere) {
  const auto levels_of = [](const JobProposal& proposal, const std::string& column) {
    std::vector<std::string> levels;
    for (const ComparisonChoice& choice : proposal.comparisons.chosen) {
      if (choice.column != column) continue;
      if (!choice.comparison.contains("comparison_levels"))
        return std::vector<std::string>{choice.comparison.at("comparison")};
      for (const auto& level : choice.comparison.at("comparison_levels")) levels.push_back(level.at("level"));
    }
    return levels;
  };
  const auto both = people(2000);
  EXPECT_THAT(levels_of(propose({both}).ValueOrDie(), "first_name"),
              ::testing::ElementsAre("NullLevel", "ExactMatchLevel", "ColumnsReversedLevel", "JaroWinklerLevel",
                                     "JaroWinklerLevel", "JaroWinklerLevel", "ElseLevel"));
  const auto surname_only = both->RemoveColumn(both->schema()->GetFieldIndex("first_name")).ValueOrDie();
  EXPECT_THAT(levels_of(propose({surname_only}).ValueOrDie(), "surname"), ::testing::ElementsAre("NameComparison"));
}

// The table with the column at `place` in capitals.
std::shared_ptr<arrow::Table> in_capitals(const arrow::Table& table, int place) {
  Texts upper;
  for (int64_t row = 0; row < table.num_rows(); ++row) {
    const auto value = table.column(place)->GetScalar(row).ValueOrDie();
    std::string text = value->ToString();
    for (char& letter : text) letter = static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
    upper.push_back(value->is_valid ? std::optional(text) : std::nullopt);
  }
  const auto array = text_array(upper);
  const auto field = arrow::field(table.field(place)->name(), array->type());
  return table.SetColumn(place, field, std::make_shared<arrow::ChunkedArray>(array)).ValueOrDie();
}

// Names in capitals in one file and not in the other: without folding no name would be equal to another.
TEST(ProposeJob, FoldsTheCaseOfWhatIsWrittenInSeveral) {
  const auto small = people(2000);
  const auto large = in_capitals(*small, small->schema()->GetFieldIndex("surname"));

  EXPECT_FALSE(propose({small}).ValueOrDie().job.contains("derive"));
  EXPECT_FALSE(propose({large}).ValueOrDie().job.contains("derive")) << "one case only";
  const JobProposal proposal = propose({small, large}).ValueOrDie();
  EXPECT_EQ(proposal.job.at("derive").dump(), "{\"surname_lower\":\"lower(surname)\"}");
  EXPECT_THAT(proposal.to_text(), HasSubstr("surname_lower: lower(surname), because 50 % of the values of surname"));
  const std::string settings = proposal.job.at("settings").dump();
  EXPECT_THAT(settings, HasSubstr("l.surname_lower = r.surname_lower"));
  EXPECT_THAT(settings, Not(HasSubstr("l.surname =")));
}

TEST(ProposeJob, QuotesColumnsWhoseNamesSqlReserves) {
  const auto people_in_small = people(2000);
  const int place = people_in_small->schema()->GetFieldIndex("surname");
  std::vector<std::string> names = people_in_small->ColumnNames();
  names[static_cast<size_t>(place)] = "order";
  const auto small = people_in_small->RenameColumns(names).ValueOrDie();
  const JobProposal proposal = propose({small, in_capitals(*small, place)}).ValueOrDie();
  EXPECT_EQ(proposal.job.at("derive").at("order_lower"), "lower(\"order\")");

  const auto rules = propose({small}).ValueOrDie().job.at("settings").at("blocking_rules_to_generate_predictions");
  EXPECT_THAT(rules.dump(), HasSubstr("l.\\\"order\\\""));
}

TEST(ProposeJob, WritesAWholeJob) {
  const nlohmann::ordered_json job = propose({people(5000)}).ValueOrDie().job;
  EXPECT_EQ(job.at("inputs").at(0).at("path"), "t0.csv");
  EXPECT_EQ(job.at("settings").at("link_type"), "dedupe_only");
  EXPECT_FALSE(job.at("settings").at("blocking_rules_to_generate_predictions").empty());
  EXPECT_FALSE(job.at("training").at("prior").at("rules").empty());
  EXPECT_EQ(job.at("training").at("em").size(), 2U);
  EXPECT_EQ(job.at("cluster").at("threshold_match_probability"), 0.95);
}

TEST(ProposeJob, LinksSeveralInputs) {
  const nlohmann::ordered_json job = propose({people(2000, 1), people(2000, 2)}).ValueOrDie().job;
  EXPECT_EQ(job.at("settings").at("link_type"), "link_only");
  EXPECT_EQ(job.at("settings").at("unique_id_column_name"), "unique_id");
  EXPECT_EQ(job.at("inputs").size(), 2U);
}

TEST(ProposeJob, TrainsEveryComparison) {
  const JobProposal proposal = propose({people(20'000)}).ValueOrDie();
  ASSERT_EQ(proposal.blocking.em.size(), 2U);
  const auto first = columns_of(proposal.blocking.em[0], proposal.profile);
  for (const std::string& column : columns_of(proposal.blocking.em[1], proposal.profile)) {
    EXPECT_THAT(first, Not(Contains(column)));
  }
}

// A training rule fixes what it holds equal; one that fixes every comparison would be refused by the run.
TEST(ProposeJob, TrainsNothingWhereARuleFixesAllThatIsCompared) {
  const auto everything = people(2000);
  const auto surname = everything->SelectColumns({everything->schema()->GetFieldIndex("surname")}).ValueOrDie();
  const nlohmann::ordered_json job = propose({surname}).ValueOrDie().job;
  EXPECT_EQ(job.at("settings").at("comparisons").size(), 1U);
  EXPECT_FALSE(job.at("training").contains("em"));
}

TEST(ProposeJob, TrainsBothNamesBesideEachOther) {
  const JobProposal proposal = propose({people(5000)}).ValueOrDie();
  const auto is_of_names = [&](const BlockingCandidate& rule) {
    const std::set<std::string> columns = columns_of(rule, proposal.profile);
    return columns.contains("first_name") || columns.contains("surname");
  };
  ASSERT_EQ(proposal.blocking.em.size(), 2U);
  EXPECT_FALSE(is_of_names(proposal.blocking.em[0]) && is_of_names(proposal.blocking.em[1]));
}

TEST(ProposeJob, CountsThePairsOfItsRulesExactly) {
  const auto table = people(400);
  const JobProposal proposal = propose({table}).ValueOrDie();
  for (const BlockingCandidate& rule : proposal.blocking.rules) {
    EXPECT_TRUE(rule.is_exact);
    EXPECT_EQ(rule.pairs, pairs_one_by_one(*table, rule, proposal.profile)) << rule.sql;
  }
}

// Codes that no two records share say nothing of matches: not as a blocking rule, not of their number.
TEST(ProposeJob, ProposesNoRuleThatNoTwoRecordsAgreeOn) {
  Texts codes;
  for (int i = 0; i < 2000; ++i) codes.emplace_back("S" + std::to_string(10000 + 7 * i));
  const auto table = people(2000);
  const auto with_codes =
      table->AddColumn(1, arrow::field("sku", arrow::utf8()), std::make_shared<arrow::ChunkedArray>(text_array(codes)))
          .ValueOrDie();
  const JobProposal proposal = propose({with_codes}).ValueOrDie();
  ASSERT_FALSE(proposal.blocking.rules.empty());
  ASSERT_FALSE(proposal.blocking.deterministic.empty());
  for (const auto* rules : {&proposal.blocking.rules, &proposal.blocking.deterministic}) {
    for (const BlockingCandidate& rule : *rules) EXPECT_THAT(columns_of(rule, proposal.profile), Not(Contains("sku")));
  }
}

TEST(ProposeJob, StillBlocksRecordsThatHaveNothingInCommon) {
  Texts names;
  for (int i = 0; i < 300; ++i)
    names.emplace_back("person " + std::string(1, static_cast<char>('a' + i % 26)) +
                       std::string(1, static_cast<char>('a' + i / 26)) + " smith");
  EXPECT_TRUE(propose({table_of({{"name", text_array(names)}})}).ok());
}

TEST(ProposeJob, CountsOnlyPairsAcrossInputsForLinkage) {
  // Every email is twice in each input: 2 x 2 pairs across for each of the 50.
  Texts emails;
  std::vector<int64_t> ids;
  for (int i = 0; i < 100; ++i) {
    emails.emplace_back("user" + std::to_string(i / 2) + "@mail.org");
    ids.push_back(i);
  }
  const auto table = table_of({{"id", number_array(ids)}, {"email", text_array(emails)}});
  const JobProposal proposal = propose({table, table}).ValueOrDie();
  ASSERT_EQ(proposal.blocking.rules.size(), 1U);
  EXPECT_EQ(proposal.blocking.rules[0].sql, "l.email = r.email");
  EXPECT_EQ(proposal.blocking.rules[0].pairs, 200U);
}

TEST(ProposeJob, KeepsToThePairBudget) {
  const auto table = people(20'000);
  for (const uint64_t budget : {2'000U, 20'000U, 1'000'000U}) {
    const JobProposal proposal = propose({table}, {.most_pairs = budget}).ValueOrDie();
    uint64_t pairs = 0;
    for (const BlockingCandidate& rule : proposal.blocking.rules) pairs += rule.pairs;
    EXPECT_LE(pairs, budget);
  }
}

TEST(ProposeJob, CoversMoreWithALargerBudget) {
  const auto table = people(20'000);
  const double small = propose({table}, {.most_pairs = 2'000}).ValueOrDie().blocking.coverage;
  const double large = propose({table}, {.most_pairs = 1'000'000}).ValueOrDie().blocking.coverage;
  EXPECT_LT(small, large);
  EXPECT_GT(large, .95);
}

// The expectation is a model; the truth of generated people tells how far it is off.
TEST(ProposeJob, BlocksMostOfTheTruePairs) {
  const auto table = people(2000);
  const JobProposal proposal = propose({table}).ValueOrDie();
  const auto truth = table->GetColumnByName("cluster");
  uint64_t true_pairs = 0, blocked = 0;
  std::map<std::string, std::vector<int64_t>> records;
  for (int64_t row = 0; row < table->num_rows(); ++row) {
    records[truth->GetScalar(row).ValueOrDie()->ToString()].push_back(row);
  }
  for (const auto& [person, rows] : records) {
    for (size_t i = 0; i < rows.size(); ++i) {
      for (size_t j = i + 1; j < rows.size(); ++j) {
        const auto both = arrow::ConcatenateTables({table->Slice(rows[i], 1), table->Slice(rows[j], 1)}).ValueOrDie();
        ++true_pairs;
        blocked += std::any_of(proposal.blocking.rules.begin(), proposal.blocking.rules.end(),
                               [&](const auto& rule) { return pairs_one_by_one(*both, rule, proposal.profile) == 1; });
      }
    }
  }
  ASSERT_GT(true_pairs, 200U);
  EXPECT_GT(static_cast<double>(blocked) / static_cast<double>(true_pairs), .97);
}

TEST(ProposeJob, GivesTheSameForAnyNumberOfThreads) {
  const auto table = people(3000);
  EXPECT_EQ(propose({table}, {}, 1).ValueOrDie().to_json(), propose({table}, {}, 4).ValueOrDie().to_json());
}

TEST(ProposeJob, QuotesColumnNamesThatAreNotPlain) {
  const auto table = table_of(
      {{"id", number_array({1, 2, 3, 4})}, {"e \"mail\"", text_array({"a@b.de", "a@b.de", "c@d.de", "e@f.de"})}});
  const JobProposal proposal = propose({table}).ValueOrDie();
  EXPECT_EQ(proposal.blocking.rules.at(0).sql, R"(l."e ""mail""" = r."e ""mail""")");
  EXPECT_EQ(proposal.comparisons.chosen.at(0).comparison["column"], R"("e ""mail""")");
}

// A short form would take these for expressions or for elements of lists.
TEST(ProposeJob, QuotesNamesThatShortFormsReadInAnotherWay) {
  for (const std::string name : {"Phone (home)", "a||b", "city [1]"}) {
    const auto table =
        table_of({{"id", number_array({1, 2, 3, 4})}, {name, text_array({"a@b.de", "a@b.de", "c@d.de", "e@f.de"})}});
    EXPECT_EQ(propose({table}).ValueOrDie().comparisons.chosen.at(0).comparison["column"], '"' + name + '"');
  }
}

TEST(ProposeJob, ExplainsEveryColumn) {
  const std::string text = propose({people(1000)}).ValueOrDie().to_text();
  for (const char* part : {"first_name (text): first name, because", "unique_id is not compared",
                           "cluster is not compared", "Blocking rules", "expected", "Training"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
}

TEST(ProposeJob, ComparesAtMostTwelveOfAThousandColumns) {
  std::vector<std::pair<std::string, std::shared_ptr<arrow::Array>>> columns;
  for (int column = 0; column < 1000; ++column) {
    Texts values;
    for (int row = 0; row < 60; ++row) values.emplace_back("v" + std::to_string(row * (column + 7) % 53));
    columns.emplace_back("c" + std::to_string(column), text_array(values));
  }
  const JobProposal proposal = propose({table_of(columns)}).ValueOrDie();
  EXPECT_LE(proposal.comparisons.chosen.size(), 12U);
  EXPECT_GE(proposal.comparisons.passed_over.size(), 988U);
}

TEST(ProposeJob, RefusesDataThatCannotBeLinked) {
  const auto nothing = table_of({{"id", number_array({1, 2})}, {"x", text_array({std::nullopt, std::nullopt})}});
  EXPECT_THAT(propose({nothing}).status().message(), HasSubstr("no column is worth comparing: id is not compared"));
  EXPECT_THAT(propose({people(1)}).status().message(), HasSubstr("no "));
  EXPECT_THAT(propose({people(0)}).status().message(), HasSubstr("there are no rows"));
  EXPECT_THAT(propose({}).status().message(), HasSubstr("no input"));
  const auto other = table_of({{"y", number_array({1, 2})}});
  EXPECT_THAT(propose({nothing, other}).status().message(), HasSubstr("no column in common"));
}

TEST(ProposeJob, SaysWhatTheInputsDoNotShare) {
  const auto one = people(500);
  const auto other = one->RemoveColumn(one->schema()->GetFieldIndex("city")).ValueOrDie();
  EXPECT_THAT(propose({one, other}).ValueOrDie().notes, Contains(HasSubstr("'city' of t0")));
}

TEST(ProposeJob, TellsRecordsWithoutAnIdApartByTheirRowNumber) {
  const auto table = people(500);
  const auto without = table->RemoveColumn(0).ValueOrDie();
  const JobProposal proposal = propose({without}).ValueOrDie();
  EXPECT_EQ(proposal.job.at("settings").at("unique_id_column_name"), "row_number");
  EXPECT_THAT(proposal.notes, Contains(HasSubstr("row number")));
}

TEST(ProposeJob, MeetsTextOfDifferentArrowTypes) {
  const auto one = table_of({{"id", number_array({1, 2, 3})}, {"email", text_array({"a@b.de", "c@d.de", "e@f.de"})}});
  arrow::StringDictionaryBuilder builder;
  for (const char* email : {"a@b.de", "c@d.de", "x@y.de"}) ASSERT_TRUE(builder.Append(email).ok());
  const auto other = table_of({{"id", number_array({1, 2, 3})}, {"email", builder.Finish().ValueOrDie()}});
  EXPECT_EQ(propose({one, other}).ValueOrDie().blocking.rules.at(0).pairs, 2U);
}

TEST(ColumnsToReadAsText, AreCodesThatWereReadAsNumbersAndWhatIsTextElsewhere) {
  ThreadPool pool(1);
  const auto one = table_of({{"postcode", number_array({2000, 3000})},
                             {"amount", number_array({1, 2})},
                             {"house", number_array({1, 2})},
                             {"dob", number_array({19900101, 19800215})}});
  const auto other = table_of({{"house", text_array({"1a", "2"})}});
  const std::vector<ProposedInput> inputs{{.name = "a", .table = one}, {.name = "b", .table = other}};
  EXPECT_THAT(columns_to_read_as_text(inputs, pool).ValueOrDie(), ::testing::ElementsAre("postcode", "house", "dob"));
}

}  // namespace
}  // namespace linkwright
