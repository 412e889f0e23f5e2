#pragma once

#include <gtest/gtest.h>

#include <string>

#include "token/attribute.h"
#include "token/profile.h"

namespace linkwright {

/// A profile, and how the files of reference vectors call the program that it follows.
struct ReferenceProfile {
  TokenProfile profile;
  const char* implementation;
};

inline const auto kReferenceProfiles = testing::Values(
    ReferenceProfile{TokenProfile::kJava113, "java-1.13.2"}, ReferenceProfile{TokenProfile::kPython113, "py-1.13.2"},
    ReferenceProfile{TokenProfile::kJava21, "java-2.1.2"}, ReferenceProfile{TokenProfile::kPython22, "py-2.2.1"});

/// As GoogleTest names tests: letters, digits and underscores.
inline std::string name_of(const testing::TestParamInfo<ReferenceProfile>& tested) {
  std::string name = tested.param.implementation;
  for (char& letter : name) {
    if (letter == '-' || letter == '.') letter = '_';
  }
  return name;
}

/// What counts as today, whatever day it is.
inline DateContext calendar_of_vectors() {
  return {parse_iso_date("2026-11-20").ValueOrDie(), TimeZone::make("UTC").ValueOrDie()};
}

}  // namespace linkwright
