# The messages of Spark Connect as descriptors for protoc, SPARK_DESCRIPTORS, from Spark's own Python client: the small one
# that scripts/setup puts into build/spark-protos, or the one inside a whole Spark in build/spark-python, which has the
# same. GOOGLE_RPC_PROTOS_DIR holds google/rpc/*.proto, the details of gRPC errors, from googleapis-common-protos beside it.
find_package(Python3 REQUIRED COMPONENTS Interpreter)
file(GLOB spark_clients ${PROJECT_SOURCE_DIR}/build/spark-python/lib/python3*/site-packages)
find_path(SPARK_CLIENT_DIR pyspark/sql/connect/proto/base_pb2.py NO_DEFAULT_PATH
          PATHS ${PROJECT_SOURCE_DIR}/build/spark-protos ${spark_clients}
          DOC "Folder with the Python packages pyspark (or pyspark-client) and googleapis-common-protos")
if(NOT SPARK_CLIENT_DIR)
  message(FATAL_ERROR "the messages of Spark Connect are missing: run `make setup` first, or build without Spark: "
                      "-DLINKWRIGHT_SPARK=OFF")
endif()
set(GOOGLE_RPC_PROTOS_DIR ${SPARK_CLIENT_DIR})

set(SPARK_DESCRIPTORS ${CMAKE_BINARY_DIR}/spark-protos/spark-connect.desc)
execute_process(
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_LIST_DIR}/spark_descriptors.py ${SPARK_CLIENT_DIR} ${SPARK_DESCRIPTORS}
  COMMAND_ERROR_IS_FATAL ANY)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/spark_descriptors.py
             ${SPARK_CLIENT_DIR}/pyspark/sql/connect/proto/base_pb2.py)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(SparkProtos REQUIRED_VARS SPARK_CLIENT_DIR SPARK_DESCRIPTORS)
