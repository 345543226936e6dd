# Tests of the Python package. Those on the real library are skipped, by name, where the Python found has no anyio that is known.
find_program(CANCELSIM_PYTHON python3)
if(CANCELSIM_PYTHON)
  add_test(NAME "python/the package refuses what it cannot run on"
           COMMAND ${CANCELSIM_PYTHON} ${PROJECT_SOURCE_DIR}/scenarios/python/tests/test_refusals.py)
  add_test(NAME "python/cases and programs on the real library"
           COMMAND ${CANCELSIM_PYTHON} ${PROJECT_SOURCE_DIR}/scenarios/python/tests/test_real_library.py)
  add_test(NAME "python/a worker, and the events of the real library"
           COMMAND ${CANCELSIM_PYTHON} ${PROJECT_SOURCE_DIR}/scenarios/python/tests/test_worker.py)
  add_test(NAME "python/programs in plain Python run under choices"
           COMMAND ${CANCELSIM_PYTHON} ${PROJECT_SOURCE_DIR}/scenarios/python/tests/test_programs.py)
  add_test(NAME "python/programs in plain Python run in a worker"
           COMMAND ${CANCELSIM_PYTHON} ${PROJECT_SOURCE_DIR}/scenarios/python/tests/test_program_worker.py)
  add_test(NAME "python/a wheel in an empty environment"
           COMMAND ${CANCELSIM_PYTHON} ${PROJECT_SOURCE_DIR}/scenarios/python/tests/test_wheel.py)
  add_test(NAME "python/the pytest plugin"
           COMMAND ${CANCELSIM_PYTHON} ${PROJECT_SOURCE_DIR}/scenarios/python/tests/test_pytest_plugin.py)
  set_tests_properties("python/the package refuses what it cannot run on" "python/cases and programs on the real library"
                       "python/a worker, and the events of the real library"
                       "python/programs in plain Python run under choices" "python/programs in plain Python run in a worker"
                       "python/a wheel in an empty environment" "python/the pytest plugin"
                       PROPERTIES LABELS python TIMEOUT 300 ENVIRONMENT "CANCELSIM=$<TARGET_FILE:cancelsim>;PYTHONDONTWRITEBYTECODE=1"
                                  SKIP_REGULAR_EXPRESSION "SKIPPED: ")
endif()
