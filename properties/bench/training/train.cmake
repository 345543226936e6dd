# Runs the program TRAINING, and lays what it counted (below COUNTS, by gcc) beside the objects of the rooms (below
# OBJECTS) for whose sources, HOT, it is meant: there gcc looks for it.
file(GLOB_RECURSE old ${COUNTS}/*.gcda)
if(old)
  file(REMOVE ${old})
endif()
execute_process(COMMAND ${TRAINING} COMMAND_ERROR_IS_FATAL ANY)
foreach(source IN LISTS HOT)
  string(REGEX REPLACE "/.*" "" room ${source})
  cmake_path(GET source PARENT_PATH folder)
  # CMake names objects by the way from the folder of CMakeLists.txt to the source.
  string(REGEX REPLACE "^properties/" "../" below ${source})
  file(COPY ${COUNTS}/__/__/__/${below}.gcda DESTINATION ${OBJECTS}/${room}.dir/${folder})
endforeach()
