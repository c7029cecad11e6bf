# The catalogues: client/po/LANGUAGE.po becomes locale/LANGUAGE/LC_MESSAGES/mia.mo beside mia, and is installed.
find_program(MSGFMT msgfmt REQUIRED)
foreach(language sv)
  set(catalogue ${CMAKE_CURRENT_BINARY_DIR}/locale/${language}/LC_MESSAGES/mia.mo)
  add_custom_command(OUTPUT ${catalogue}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_CURRENT_BINARY_DIR}/locale/${language}/LC_MESSAGES
    COMMAND ${MSGFMT} --check-format -o ${catalogue} ${CMAKE_CURRENT_SOURCE_DIR}/po/${language}.po
    DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/po/${language}.po
    COMMENT "Catalogue ${language}" VERBATIM)
  list(APPEND catalogues ${catalogue})
  install(FILES ${catalogue} DESTINATION share/locale/${language}/LC_MESSAGES)
endforeach()
add_custom_target(mia-catalogues ALL DEPENDS ${catalogues})
add_dependencies(mia mia-catalogues)
