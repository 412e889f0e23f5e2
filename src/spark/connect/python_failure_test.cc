#include "spark/connect/python_failure.h"

#include <gtest/gtest.h>

namespace linkwright::spark {
namespace {

TEST(PythonFailure, IsTheErrorThatATracebackEndsWith) {
  EXPECT_EQ(python_failure("Job aborted [PYTHON_EXCEPTION] An exception was thrown from the Python worker: Traceback "
                           "(most recent call last):\n"
                           "  File \"/y/worker.py\", line 3569, in main\n"
                           "    process()\n"
                           "    ^^^^^^^^^\n"
                           "ModuleNotFoundError: No module named 'pyarrow'\n"
                           " SQLSTATE: 38000\n"
                           "\tat org.apache.spark.api.python.PythonRunner.read(PythonRunner.scala:665)\n"),
            "ModuleNotFoundError: No module named 'pyarrow'");
}

TEST(PythonFailure, IsTheLastOfSeveral) {
  EXPECT_EQ(python_failure("Traceback (most recent call last):\n"
                           "  File \"a.py\", line 1, in a\n"
                           "ImportError: no numpy\n"
                           "\n"
                           "During handling of the above exception, another exception occurred:\n"
                           "\n"
                           "Traceback (most recent call last):\n"
                           "  File \"b.py\", line 2, in b\n"
                           "PySparkImportError: [PACKAGE_NOT_INSTALLED] PyArrow >= 18.0.0 must be installed\r\n"),
            "PySparkImportError: [PACKAGE_NOT_INSTALLED] PyArrow >= 18.0.0 must be installed");
}

TEST(PythonFailure, IsWhyPythonDidNotStart) {
  EXPECT_EQ(python_failure("Lost task 0.3 in stage 3.0 (localhost executor 1): org.apache.spark.SparkException: \n"
                           "Error from python worker:\n"
                           "  /usr/bin/python3: Error while finding module specification for 'pyspark.daemon'\n"
                           "PYTHONPATH was:\n"
                           "  /y/spark-core.jar\n"),
            "/usr/bin/python3: Error while finding module specification for 'pyspark.daemon'");
}

TEST(PythonFailure, IsNothingInMessagesOfOthers) {
  for (const char* message : {"", "\n", "[TABLE_OR_VIEW_NOT_FOUND] people", "Traceback (most recent call last):",
                              "Traceback (most recent call last):\n  File", "Error from python worker:\n  \n"}) {
    EXPECT_EQ(python_failure(message), "") << message;
  }
}

}  // namespace
}  // namespace linkwright::spark
