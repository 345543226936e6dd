# cmake -D SOURCE=... -D OUT=... -P embed.cmake: writes the Python package as a C++ array (python_package.h).
file(GLOB_RECURSE package RELATIVE ${SOURCE}/scenarios/python ${SOURCE}/scenarios/python/cancelsim/*.py)
file(GLOB policies RELATIVE ${SOURCE}/model/policies ${SOURCE}/model/policies/*.py)
list(SORT package)
list(SORT policies)
set(entries "")
macro(add_file file path)
  file(READ ${file} text)
  string(APPEND entries "    {\"${path}\", R\"~py~(${text})~py~\"},\n")
endmacro()
foreach(path IN LISTS package)
  add_file(${SOURCE}/scenarios/python/${path} ${path})
endforeach()
foreach(path IN LISTS policies)
  add_file(${SOURCE}/model/policies/${path} cancelsim/policies_of_the_model/${path})
endforeach()
file(WRITE ${OUT} "#include \"scenarios/python/python_package.h\"

namespace cancelsim::scenarios {

static constexpr PackageFile kFiles[] = {
${entries}};

std::span<const PackageFile> python_package() { return kFiles; }

}  // namespace cancelsim::scenarios
")
