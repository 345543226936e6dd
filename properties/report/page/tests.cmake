# Tests of pages in a real browser, skipped by name where chromium, node or the packages are not installed.
find_program(CANCELSIM_CHROMIUM NAMES chromium chromium-browser google-chrome)
set(page_tests ${PROJECT_SOURCE_DIR}/properties/report/page/web/test/run.sh)
add_test(NAME "page/reports in a browser: clicked, read, accessible, silent"
         COMMAND sh ${page_tests} browser $<TARGET_FILE:cancelsim> ${CANCELSIM_CHROMIUM})
add_test(NAME "page/what is checked in is what the sources build" COMMAND sh ${page_tests} built)
set_tests_properties(
  "page/reports in a browser: clicked, read, accessible, silent" "page/what is checked in is what the sources build"
  PROPERTIES LABELS page TIMEOUT 600 SKIP_RETURN_CODE 77)
