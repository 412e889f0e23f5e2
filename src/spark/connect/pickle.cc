#include "spark/connect/pickle.h"

#include <cstdint>

namespace linkwright::spark {
namespace {

// Opcodes of the pickle machine, which has a stack and a numbered memory.
constexpr char kProtocol3[] = "\x80\x03";
constexpr char kEmptyDict = '}';
constexpr char kGlobal = 'c';  // "module\nname\n": pushes it
constexpr char kText = 'X';    // length (4 bytes, little endian) and UTF-8
constexpr char kNone = 'N';
constexpr char kStore = 'q';  // the top into the memory under a number
constexpr char kFetch = 'h';
constexpr char kPop = '0';
constexpr char kTuple1 = '\x85';
constexpr char kTuple2 = '\x86';
constexpr char kCall = 'R';  // function and tuple of arguments become the result
constexpr char kStop = '.';

constexpr char kNames = '\0';  // where in the memory the names of the source are

std::string text(std::string_view value) {
  std::string code(1, kText);
  for (int shift = 0; shift < 32; shift += 8)
    code += static_cast<char>(static_cast<uint32_t>(value.size()) >> shift & 0xFF);
  return code.append(value);
}

std::string global(std::string_view module, std::string_view name) {
  return std::string(1, kGlobal).append(module).append("\n").append(name).append("\n");
}

}  // namespace

std::string pickle_function(std::string_view source, std::string_view function, std::string_view type_json) {
  std::string code(kProtocol3);
  code += {kEmptyDict, kStore, kNames, kPop};
  code += global("builtins", "exec") + text(source);  // exec(source, names)
  code += {kFetch, kNames, kTuple2, kCall, kPop};
  code += global("operator", "getitem");  // names[function]
  code += {kFetch, kNames};
  code += text(function);
  code += {kTuple2, kCall};
  if (type_json.empty()) {
    code += kNone;
  } else {
    code += global("pyspark.sql.types", "_parse_datatype_json_string") + text(type_json);
    code += {kTuple1, kCall};
  }
  code += {kTuple2, kStop};
  return code;
}

}  // namespace linkwright::spark
