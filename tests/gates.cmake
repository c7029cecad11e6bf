# The gates of 6-style as tests, in the debug build of gcc alone: the builds that a gate makes hold no gates themselves.
# "quick" are those of the inner loop. A heavy gate uses every core, so it runs with nothing beside it.
if(NOT CMAKE_C_COMPILER_ID STREQUAL "GNU" OR NOT CMAKE_BUILD_TYPE STREQUAL "Debug" OR MIA_SANITIZE OR MIA_COVERAGE)
  return()
endif()

function(gate name labels processors seconds)
  add_test(NAME gate.${name} COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/gate ${name})
  set_tests_properties(gate.${name} PROPERTIES LABELS "gate;${labels}" PROCESSORS ${processors} TIMEOUT ${seconds}
    ENVIRONMENT MIA_BUILD=${CMAKE_BINARY_DIR})
endfunction()

gate(plan quick 1 120)
gate(style quick 1 120)
gate(headers quick 1 300)
gate(scripts quick 1 300)
gate(format quick 1 300)
gate(translations quick 1 120)
gate(units quick 1 120)
gate(packages quick 1 120)
gate(check heavy 2 1200)
gate(compiler heavy 2 1200)
gate(analyzer heavy 2 1200)
gate(tidy heavy 2 1200)
gate(sanitizers heavy 2 1200)
gate(fuzz heavy 2 1200)
# The longest first; what waits for others runs beside them.
set_tests_properties(gate.tidy gate.sanitizers gate.fuzz PROPERTIES COST 300)

# Last of all: whatever ran left the tree as it was.
get_property(others DIRECTORY PROPERTY TESTS)
gate(clean last 1 60)
set_tests_properties(gate.clean PROPERTIES DEPENDS "${others}")
