# Tests of the documents. What needs an anyio is skipped by name where there is none.
if(CANCELSIM_PYTHON)
  set(documents_test ${CANCELSIM_PYTHON} ${PROJECT_SOURCE_DIR}/docs/documents_test.py $<TARGET_FILE:cancelsim>)
  add_test(NAME "documents/every command runs, or says why not" COMMAND ${documents_test})
  add_test(NAME "documents/figures are those of the tables, and links lead somewhere" COMMAND ${documents_test} --facts)
  add_test(NAME "documents/the page for whoever is on call, on a process that spins"
           COMMAND ${CANCELSIM_PYTHON} ${PROJECT_SOURCE_DIR}/docs/oncall/oncall_test.py)
  set_tests_properties("documents/every command runs, or says why not"
                       "documents/figures are those of the tables, and links lead somewhere"
                       "documents/the page for whoever is on call, on a process that spins"
                       PROPERTIES LABELS documents TIMEOUT 900 ENVIRONMENT PYTHONDONTWRITEBYTECODE=1
                                  SKIP_REGULAR_EXPRESSION "SKIPPED: ")
endif()
