# Arrow C++ as imported targets PyArrow::arrow, PyArrow::parquet, ...: a system Arrow of the same major version when
# there is one, otherwise the libraries that ship inside the pyarrow wheel (which has no CMake package of its own).
set(LINKWRIGHT_ARROW_PYTHON "${PROJECT_SOURCE_DIR}/build/python/bin/python" CACHE FILEPATH
    "Python whose pyarrow provides the Arrow C++ libraries; scripts/setup makes it")

find_package(Arrow 26 QUIET CONFIG)
find_package(Parquet 26 QUIET CONFIG)
if(Arrow_FOUND AND Parquet_FOUND)
  add_library(PyArrow::arrow ALIAS Arrow::arrow_shared)
  add_library(PyArrow::parquet ALIAS Parquet::parquet_shared)
  return()
endif()

execute_process(
  COMMAND ${LINKWRIGHT_ARROW_PYTHON} -c "import pyarrow, os; print(os.path.dirname(pyarrow.__file__), end='')"
  OUTPUT_VARIABLE PYARROW_DIR RESULT_VARIABLE pyarrow_missing)
if(pyarrow_missing)
  message(FATAL_ERROR "pyarrow is not importable by ${LINKWRIGHT_ARROW_PYTHON}: run `make setup` first")
endif()
file(STRINGS "${PYARROW_DIR}/include/arrow/util/config.h" so_version_line REGEX "define ARROW_SO_VERSION")
string(REGEX MATCH "[0-9]+" ARROW_SO_VERSION "${so_version_line}")

foreach(component arrow parquet)
  add_library(PyArrow::${component} SHARED IMPORTED)
  set_target_properties(PyArrow::${component} PROPERTIES
    IMPORTED_LOCATION "${PYARROW_DIR}/lib${component}.so.${ARROW_SO_VERSION}"
    INTERFACE_INCLUDE_DIRECTORIES "${PYARROW_DIR}/include")
endforeach()
foreach(component compute acero dataset)
  add_library(PyArrow::${component} SHARED IMPORTED)
  set_target_properties(PyArrow::${component} PROPERTIES
    IMPORTED_LOCATION "${PYARROW_DIR}/libarrow_${component}.so.${ARROW_SO_VERSION}"
    INTERFACE_INCLUDE_DIRECTORIES "${PYARROW_DIR}/include"
    INTERFACE_LINK_LIBRARIES PyArrow::arrow)
endforeach()
set_property(TARGET PyArrow::parquet PROPERTY INTERFACE_LINK_LIBRARIES PyArrow::arrow)
