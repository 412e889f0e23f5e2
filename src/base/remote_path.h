#pragma once

#include <string>
#include <string_view>

namespace linkwright {

/// Whether a path names a place by a scheme, as clusters' do (s3://bucket/people, dbfs:/people), and no file here.
bool has_scheme(std::string_view path);

/// The path as another process has to be told it, whose working folder is another: absolute, unless it has a scheme or
/// is empty.
std::string path_for_others(const std::string& path);

}  // namespace linkwright
