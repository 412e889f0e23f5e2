#include "model/comparison_levels.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "model/short_form_values.h"

namespace linkwright::levels {
namespace {

LibraryLevel compared(const std::string& function, const ColumnTerm& term, const std::string& relation,
                      const Json& threshold, std::string label) {
  return custom(function + "(" + term.left() + ", " + term.right() + ") " + relation + " " + python_text(threshold),
                std::move(label));
}

std::string at_most(const std::string& name, const ColumnTerm& term, const Json& threshold) {
  return name + " of " + term.label() + " <= " + python_text(threshold);
}

std::string at_least(const std::string& name, const ColumnTerm& term, const Json& threshold) {
  return name + " of " + term.label() + " >= " + python_text(threshold);
}

// Splink closes some labels' quotes at their end.
std::string at_least_in_quotes(const std::string& name, const ColumnTerm& term, const Json& threshold) {
  return name + " of '" + term.label() + " >= " + python_text(threshold) + "'";
}

struct PairwiseDistance {
  std::string_view name;
  std::string_view function;
  bool higher_is_more_similar;
};
constexpr std::array<PairwiseDistance, 4> kPairwiseDistances = {{{"levenshtein", "levenshtein", false},
                                                                 {"damerau_levenshtein", "damerau_levenshtein", false},
                                                                 {"jaro_winkler", "jaro_winkler_similarity", true},
                                                                 {"jaro", "jaro_similarity", true}}};

struct Metric {
  std::string_view name;
  double seconds;
  bool is_whole;  // Splink writes a whole number of these without a decimal point
};
constexpr std::array<Metric, 6> kMetrics = {{{"second", 1, true},
                                             {"minute", 60, true},
                                             {"hour", 3600, true},
                                             {"day", 86400, true},
                                             {"month", 86400 * 365.25 / 12, false},
                                             {"year", 86400 * 365.25, false}}};

template <typename Named, size_t kSize>
std::vector<std::string> names_of(const std::array<Named, kSize>& named) {
  std::vector<std::string> names;
  for (const Named& item : named) names.emplace_back(item.name);
  return names;
}

template <typename Named, size_t kSize>
const Named& find(const std::array<Named, kSize>& named, std::string_view name) {
  return *std::find_if(named.begin(), named.end(), [&](const Named& item) { return item.name == name; });
}

LibraryLevel joined(const std::vector<LibraryLevel>& parts, const std::string& word) {
  LibraryLevel whole = custom("", "");
  whole.level.is_null_level = true;
  for (const LibraryLevel& part : parts) {
    const std::string before = whole.level.sql_condition.empty() ? "(" : " " + word + " (";
    whole.level.sql_condition += before + part.level.sql_condition + ")";
    whole.level.label_for_charts += before + part.level.label_for_charts + ")";
    whole.level.is_null_level = whole.level.is_null_level && part.level.is_null_level;
  }
  return whole;
}

}  // namespace

LibraryLevel custom(std::string sql, std::string label) {
  LibraryLevel made;
  made.level.sql_condition = std::move(sql);
  made.level.label_for_charts = std::move(label);
  return made;
}

LibraryLevel otherwise() { return custom("ELSE", "All other comparisons"); }

LibraryLevel null(const ColumnTerm& term) {
  LibraryLevel made = custom(term.left() + " IS NULL OR " + term.right() + " IS NULL", term.label() + " is NULL");
  made.level.is_null_level = true;
  return made;
}

LibraryLevel exact_match(const ColumnTerm& term) {
  LibraryLevel made = custom(term.left() + " = " + term.right(), "Exact match on " + term.label());
  if (term.is_plain_column()) made.exact_match_column = term.bare_text();
  return made;
}

LibraryLevel columns_reversed(const ColumnTerm& one, const ColumnTerm& other, bool symmetrical) {
  const std::string back = symmetrical ? " AND " + one.right() + " = " + other.left() : "";
  return custom(one.left() + " = " + other.right() + back,
                "Match on reversed cols: " + one.label() + " and " + other.label() +
                    (symmetrical ? " (both directions)" : " (one direction)"));
}

LibraryLevel levenshtein(const ColumnTerm& term, const Json& threshold) {
  return compared("levenshtein", term, "<=", threshold, at_most("Levenshtein distance", term, threshold));
}

LibraryLevel damerau_levenshtein(const ColumnTerm& term, const Json& threshold) {
  return compared("damerau_levenshtein", term, "<=", threshold,
                  at_most("Damerau-Levenshtein distance", term, threshold));
}

LibraryLevel jaro(const ColumnTerm& term, const Json& threshold) {
  return compared("jaro_similarity", term, ">=", threshold, at_least_in_quotes("Jaro distance", term, threshold));
}

LibraryLevel jaro_winkler(const ColumnTerm& term, const Json& threshold) {
  return compared("jaro_winkler_similarity", term, ">=", threshold, at_least("Jaro-Winkler distance", term, threshold));
}

LibraryLevel jaccard(const ColumnTerm& term, const Json& threshold) {
  return compared("jaccard", term, ">=", threshold, at_least_in_quotes("Jaccard distance", term, threshold));
}

LibraryLevel cosine_similarity(const ColumnTerm& term, const Json& threshold) {
  return compared("array_cosine_similarity", term, ">=", threshold, at_least("Cosine similarity", term, threshold));
}

LibraryLevel distance_function(const ColumnTerm& term, const std::string& function, const Json& threshold,
                               bool higher_is_more_similar) {
  return compared(function, term, higher_is_more_similar ? ">=" : "<=", threshold,
                  "`" + function + "` distance of '" + term.label() + (higher_is_more_similar ? " greater" : " less") +
                      " than " + python_text(threshold) + "'");
}

const std::vector<std::string>& pairwise_distances() {
  static const std::vector<std::string> kNames = names_of(kPairwiseDistances);
  return kNames;
}

LibraryLevel pairwise_distance(const ColumnTerm& term, const std::string& distance, const Json& threshold) {
  const PairwiseDistance& found = find(kPairwiseDistances, distance);
  const std::string bound = (found.higher_is_more_similar ? ">= " : "<= ") + python_text(threshold);
  const std::string blanks(16, ' ');  // Splink's SQL keeps the blanks of its source
  const std::string sql = std::string(found.higher_is_more_similar ? "list_max" : "list_min") + "(\n" +  //
                          blanks + "    list_transform(\n" +                                             //
                          blanks + "        flatten(\n" +                                                //
                          blanks + "            list_transform(\n" +                                     //
                          blanks + "                " + term.left() + ",\n" +                            //
                          blanks + "                x -> list_transform(\n" +                            //
                          blanks + "                    " + term.right() + ",\n" +                       //
                          blanks + "                    y -> [x, y]\n" +                                 //
                          blanks + "                )\n" +                                               //
                          blanks + "            )\n" +                                                   //
                          blanks + "        ),\n" +                                                      //
                          blanks + "        pair -> " + std::string(found.function) + "(\n" +            //
                          blanks + "            pair[1],\n" +                                            //
                          blanks + "            pair[2]\n" +                                             //
                          blanks + "        )\n" +                                                       //
                          blanks + "    )\n" +                                                           //
                          blanks + ") " + bound;
  const std::size_t relation = 2;  // the label has the relation and then "than"
  return custom(sql, std::string(found.higher_is_more_similar ? "Max" : "Min") + " `" + distance + "` distance of '" +
                         term.label() + "' " + bound.substr(0, relation) + " than " + python_text(threshold) + "'");
}

LibraryLevel absolute_difference(const ColumnTerm& term, const Json& threshold) {
  return custom("ABS(" + term.left() + " - " + term.right() + ") <= " + python_text(threshold),
                "Absolute difference of '" + term.label() + "' <= " + python_text(threshold));
}

LibraryLevel percentage_difference(const ColumnTerm& term, const Json& threshold) {
  std::array<char, 32> percent{};
  std::snprintf(percent.data(), percent.size(), "%.2f", threshold.get<double>() * 100);
  const std::string& left = term.left();
  const std::string& right = term.right();
  return custom("(ABS(" + left + " - " + right + ") / (CASE WHEN " + right + " > " + left + " THEN " + right +
                    " ELSE " + left + " END)) < " + python_text(threshold),
                "Percentage difference of '" + term.label() + "' within " + percent.data() + "%");
}

const std::vector<std::string>& time_metrics() {
  static const std::vector<std::string> kNames = names_of(kMetrics);
  return kNames;
}

Result<LibraryLevel> time_difference(const ColumnTerm& moment, const Json& threshold, const std::string& metric) {
  const Metric& unit = find(kMetrics, metric);
  constexpr double kMost = 9e18;  // of an int64
  Json seconds = threshold.get<double>() * unit.seconds;
  if (unit.is_whole && threshold.is_number_integer()) {
    if (seconds.get<double>() > kMost) {
      return Status::Invalid(threshold.dump(), " ", metric, "s are too many; write them as ", threshold.dump(), ".0");
    }
    seconds = threshold.get<int64_t>() * static_cast<int64_t>(unit.seconds);
  }
  return custom("ABS(EPOCH(" + moment.left() + ") - EPOCH(" + moment.right() + ")) <= " + python_text(seconds),
                "Abs difference of '" + moment.label() + " <= " + python_text(threshold) + " " + metric + "'");
}

LibraryLevel array_intersect(const ColumnTerm& term, const Json& size) {
  return custom("array_length(list_intersect(" + term.left() + ", " + term.right() + ")) >= " + python_text(size),
                "Array intersection size >= " + python_text(size));
}

LibraryLevel array_subset(const ColumnTerm& term, bool empty_is_subset) {
  const std::string least = "LEAST(ARRAY_LENGTH(" + term.left() + "), ARRAY_LENGTH(" + term.right() + "))";
  return custom((empty_is_subset ? "" : least + " <> 0 AND ") + "ARRAY_LENGTH(ARRAY_INTERSECT(" + term.left() + ", " +
                    term.right() + ")) = " + least,
                "Array subset");
}

LibraryLevel distance_in_km(const ColumnTerm& latitude, const ColumnTerm& longitude, const Json& km, bool not_null) {
  // Splink's SQL keeps the blanks of its source.
  const std::string cosine = "\n        sin( radians(" + latitude.left() + ") ) * sin( radians(" + latitude.right() +
                             ") ) +\n        cos( radians(" + latitude.left() + ") ) * cos( radians(" +
                             latitude.right() + ") )\n            * cos( radians(" + longitude.right() + " - " +
                             longitude.left() + ") )\n    ";
  const std::string clamped = "\n        case\n            when (" + cosine + ") > 1 then 1\n            when (" +
                              cosine + ") < -1 then -1\n            else (" + cosine + ")\n        end\n    ";
  const std::string distance = "\n        cast(\n            acos(\n                " + clamped +
                               "\n            ) * 6371\n            as float\n        )\n    ";
  const std::string known = "(" + latitude.right() + " is not null AND " + latitude.left() + " is not null AND " +
                            longitude.left() + " is not null AND " + longitude.right() + " is not null) AND ";
  return custom((not_null ? known : "") + distance + " <= " + python_text(km),
                "Distance less than " + python_text(km) + "km");
}

LibraryLevel all_of(const std::vector<LibraryLevel>& parts) { return joined(parts, "AND"); }

LibraryLevel any_of(const std::vector<LibraryLevel>& parts) { return joined(parts, "OR"); }

LibraryLevel not_of(const LibraryLevel& part) {
  return custom("NOT (" + part.level.sql_condition + ")", "NOT (" + part.level.label_for_charts + ")");
}

}  // namespace linkwright::levels
