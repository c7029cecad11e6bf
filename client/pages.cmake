# The manual pages, by scdoc; what a table says comes from the table: commands.def through mia itself, config.def by awk.
find_program(SCDOC scdoc)
if(NOT SCDOC OR MIA_FUZZ)
  return()
endif()
set(man ${CMAKE_CURRENT_SOURCE_DIR}/man)
set(daemon ${CMAKE_SOURCE_DIR}/daemon)
file(MAKE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/man)

function(page name dependencies command) # command writes the page's source to standard output
  set(target ${CMAKE_CURRENT_BINARY_DIR}/man/${name})
  add_custom_command(OUTPUT ${target}
    COMMAND sh -c "${command} >${target}.scd && ${SCDOC} <${target}.scd >${target}.new && mv ${target}.new ${target}"
    DEPENDS ${dependencies} COMMENT "Manual page ${name}" VERBATIM)
  string(REGEX REPLACE ".*\\." "" section ${name})
  install(FILES ${target} DESTINATION share/man/man${section})
  set(pages ${pages} ${target} PARENT_SCOPE)
endfunction()

set(pages "")
page(mia.1 "mia;${man}/mia.1.head.scd;${man}/mia.1.tail.scd"
  "{ cat ${man}/mia.1.head.scd && $<TARGET_FILE:mia> help --format scd --lang en && cat ${man}/mia.1.tail.scd; }")
page(miad.conf.5 "${daemon}/config.def;${daemon}/miad.conf.awk;${daemon}/miad.conf.5.head.scd;${daemon}/miad.conf.5.tail.scd"
  "{ cat ${daemon}/miad.conf.5.head.scd && awk -f ${daemon}/miad.conf.awk ${daemon}/config.def && cat ${daemon}/miad.conf.5.tail.scd; }")
page(miad-site.8 "${daemon}/miad-site.8.scd" "cat ${daemon}/miad-site.8.scd")
page(miad-hub.8 "${daemon}/miad-hub.8.scd" "cat ${daemon}/miad-hub.8.scd")
add_custom_target(mia-pages ALL DEPENDS ${pages})

# Completions, where each shell looks for them.
foreach(completion bash/bash-completion/completions/mia zsh/zsh/vendor-completions/_mia fish/fish/vendor_completions.d/mia.fish)
  string(REGEX MATCH "^[a-z]+" shell ${completion})
  string(REGEX REPLACE "^[a-z]+/(.*)/([^/]*)$" "\\1" place ${completion})
  string(REGEX REPLACE ".*/" "" name ${completion})
  set(target ${CMAKE_CURRENT_BINARY_DIR}/completion/${shell}/${name})
  add_custom_command(OUTPUT ${target}
    COMMAND sh -c "mkdir -p ${CMAKE_CURRENT_BINARY_DIR}/completion/${shell} && $<TARGET_FILE:mia> completion ${shell} >${target}.new && mv ${target}.new ${target}"
    DEPENDS mia COMMENT "Completion for ${shell}" VERBATIM)
  list(APPEND completions ${target})
  install(FILES ${target} DESTINATION share/${place})
endforeach()
add_custom_target(mia-completions ALL DEPENDS ${completions})

install(DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}/handbook DESTINATION share/doc/mia-sync)
