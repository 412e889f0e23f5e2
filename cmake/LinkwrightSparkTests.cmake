# Tests against a real Spark. Starting one and letting it warm up costs as much as the tests do, so they share:
#
#   lw_spark_test(spark_live SERVER COMMAND $<TARGET_FILE:spark_live_test>)      a Connect server with two task threads
#   lw_spark_test(spark_gold CLUSTER COMMAND ...)                               three workers, which know Delta
#   lw_spark_test(spark_faults OWN_CLUSTER COMMAND ...)                         two workers for a test that breaks them
#
# The first test of a ctest run starts the Spark, a fixture ends it when the last one is done, however that ended; and
# should ctest be killed, scripts/with-spark sees to it. Tests are apart by their sessions and folders, and name their
# tables so that no other has them. COST is in seconds, about: the long ones go first.
set(SHARED_SPARK_ENVIRONMENT
  "LINKWRIGHT=$<TARGET_FILE:linkwright>"
  # Spark and its executors have the environment that they are started with: the secrets of tests of tokens.
  "LINKWRIGHT_HASHING_SECRET=hashing-secret-of-tests-4711"
  "LINKWRIGHT_ENCRYPTION_KEY=encryption-key-of-tests-00004711")

function(lw_spark_test name kind)
  cmake_parse_arguments(ARG "" "COST" "COMMAND" ${ARGN})
  set(beside ${PROJECT_SOURCE_DIR}/scripts/with-spark)
  if(kind MATCHES CLUSTER)
    set(beside ${PROJECT_SOURCE_DIR}/tests/spark/with_cluster)
  endif()
  add_test(NAME ${name} COMMAND ${beside} ${ARG_COMMAND})
  set_tests_properties(${name} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 900 LABELS spark COST ${ARG_COST})
  set(environment ${SHARED_SPARK_ENVIRONMENT})
  if(kind STREQUAL OWN_CLUSTER)
    list(APPEND environment WORKERS=2 DELTA=no)
  else()
    string(TOLOWER ${kind} fixture)
    set(folder ${CMAKE_BINARY_DIR}/Testing/spark-${fixture})
    list(APPEND environment SHARED_SPARK=${folder})
    set_tests_properties(${name} PROPERTIES FIXTURES_REQUIRED spark_${fixture})
  endif()
  set_tests_properties(${name} PROPERTIES ENVIRONMENT "${environment}")
endfunction()

# Ends what tests of one kind, SERVER or CLUSTER, have shared.
function(lw_end_shared_spark kind)
  string(TOLOWER ${kind} fixture)
  add_test(NAME end_spark_${fixture}
           COMMAND linkwright spark down --folder ${CMAKE_BINARY_DIR}/Testing/spark-${fixture})
  set_tests_properties(end_spark_${fixture} PROPERTIES FIXTURES_CLEANUP spark_${fixture} LABELS spark TIMEOUT 120)
endfunction()
