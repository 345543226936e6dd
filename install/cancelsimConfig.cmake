# find_package(cancelsim): the libraries cancelsim::sim, ::model, ::scenarios and ::properties.
include(CMakeFindDependencyMacro)
find_dependency(CLI11)
find_dependency(fmt)
find_dependency(nlohmann_json)
find_dependency(Threads)
find_dependency(zstd)
include(${CMAKE_CURRENT_LIST_DIR}/cancelsimTargets.cmake)
