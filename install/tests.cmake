# An example that is no part of this build, against an installed copy of it, and with it as a folder of its own build.
foreach(way installed subdirectory)
  set(test "install/an example outside the tree, with cancelsim as ${way}")
  add_test(NAME ${test} COMMAND sh ${PROJECT_SOURCE_DIR}/install/test.sh ${CMAKE_COMMAND} ${PROJECT_BINARY_DIR}
                                ${PROJECT_SOURCE_DIR} ${way})
  set_tests_properties(${test} PROPERTIES LABELS install TIMEOUT 900
                                          ENVIRONMENT "CXX=${CMAKE_CXX_COMPILER};RC_PARAMS=max_success=50")
endforeach()
