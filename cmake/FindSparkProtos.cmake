# The .proto files of Spark Connect, out of the Spark distribution that runs the tests and `linkwright spark up`: they lie
# in the jar of the Connect server inside the pyspark wheel. SPARK_PROTOS_DIR is where they are unpacked to, and
# GOOGLE_RPC_PROTOS_DIR holds google/rpc/*.proto, the details of gRPC errors, from googleapis-common-protos beside it.
set(LINKWRIGHT_SPARK_PYTHON "${CMAKE_SOURCE_DIR}/build/spark-python/bin/python" CACHE FILEPATH
    "Python with pyspark[connect], which provides the protos of Spark Connect; scripts/setup makes it")

execute_process(
  COMMAND ${LINKWRIGHT_SPARK_PYTHON} -c "import sysconfig; print(sysconfig.get_path('purelib'), end='')"
  OUTPUT_VARIABLE spark_packages RESULT_VARIABLE spark_missing)
file(GLOB SPARK_CONNECT_JAR "${spark_packages}/pyspark/jars/spark-connect_2.13-*.jar")
if(spark_missing OR NOT SPARK_CONNECT_JAR)
  message(FATAL_ERROR "pyspark[connect] is not installed for ${LINKWRIGHT_SPARK_PYTHON}: run `make setup` first, "
                      "or build without Spark: -DLINKWRIGHT_SPARK=OFF")
endif()
set(GOOGLE_RPC_PROTOS_DIR "${spark_packages}")

set(SPARK_PROTOS_DIR "${CMAKE_BINARY_DIR}/spark-protos")
file(ARCHIVE_EXTRACT INPUT "${SPARK_CONNECT_JAR}" DESTINATION "${SPARK_PROTOS_DIR}" PATTERNS "spark/connect/*.proto")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${SPARK_CONNECT_JAR}")

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(SparkProtos REQUIRED_VARS SPARK_CONNECT_JAR SPARK_PROTOS_DIR)
