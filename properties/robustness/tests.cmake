# Tests that feed the command what once broke it.
if(CANCELSIM_PYTHON)
  add_test(NAME "command/what once broke it does not"
           COMMAND ${CANCELSIM_PYTHON} ${PROJECT_SOURCE_DIR}/properties/robustness/inputs_test.py $<TARGET_FILE:cancelsim>)
  set_tests_properties("command/what once broke it does not" PROPERTIES LABELS command TIMEOUT 300)
endif()
