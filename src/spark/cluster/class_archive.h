#pragma once

#include <functional>
#include <string>

#include "base/status.h"
#include "linkwright/spark_cluster.h"
#include "spark/cluster/spark_installation.h"

namespace linkwright::spark {

/// The class-data archive of an installation: Spark's classes as a JVM has loaded and verified them once, which the
/// next maps into its memory instead. It lies in the installation and is of one Java; a JVM passes over one that is not
/// its own or was made from other jars. Empty: there is none that is whole and younger than the last change of the
/// jars. The size is in its name, since a JVM crashes over an archive that is cut short. Source: JEP 350;
/// docs/decisions/0065.
std::string find_class_archive(const SparkInstallation& spark);

/// The option of a JVM that names the archive, as a shell splits it; none without an archive.
std::string class_archive_option(const std::string& archive);

/// What is done on a server for the sake of the classes that it then has loaded. Files may go into its folder, which
/// goes when it has ended.
using ServerUse = std::function<Status(const std::string& address, const std::string& folder)>;

/// Makes the archive of the installation that `options.spark_home` or the environment names and returns its path, at
/// once when there is one. Otherwise a server is started, used and ended, which takes a minute and 200 MB of disk. The
/// archive gets its name when it is whole and a JVM has started with it, so two that make one at a time do no harm.
/// Errors: those of find_spark, start_cluster and `use`; an installation that may not be written to; a Java that makes
/// no archives.
Result<std::string> make_class_archive(const ClusterOptions& options, const ServerUse& use);

}  // namespace linkwright::spark
