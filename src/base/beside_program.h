#pragma once

#include <string>

namespace linkwright {

/// The folder that the running program lies in, "" where the system does not tell.
std::string program_folder();

/// A file of that folder, such as a library that was built with the program; it need not exist.
std::string beside_program(const std::string& name);

}  // namespace linkwright
