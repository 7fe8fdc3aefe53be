# SPDX-License-Identifier: MIT
# cmake --install: libraries, headers, a CMake package and pkg-config files, all relocatable.

include(CMakePackageConfigHelpers)

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/rondo")

get_property(targets GLOBAL PROPERTY RONDO_TARGETS)
install(TARGETS ${targets} EXPORT rondo_targets FILE_SET HEADERS)
install(EXPORT rondo_targets NAMESPACE rondo:: DESTINATION "${package_dir}")

configure_package_config_file(
    "${CMAKE_CURRENT_LIST_DIR}/rondoConfig.cmake.in" "${PROJECT_BINARY_DIR}/rondoConfig.cmake"
    INSTALL_DESTINATION "${package_dir}")
write_basic_package_version_file(
    "${PROJECT_BINARY_DIR}/rondoConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/rondoConfig.cmake"
              "${PROJECT_BINARY_DIR}/rondoConfigVersion.cmake" DESTINATION "${package_dir}")

# A static archive must stand before what it uses, so the list runs from the top layer down.
get_property(compiled GLOBAL PROPERTY RONDO_COMPILED)
list(REMOVE_ITEM compiled rondo_testing rondo_json rondo_http)
list(REVERSE compiled)
list(TRANSFORM compiled PREPEND "-l" OUTPUT_VARIABLE pc_libs)
list(JOIN pc_libs " " pc_libs)
file(RELATIVE_PATH pc_prefix "/prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/prefix")
set(packages rondo rondo-testing)
if(RONDO_JSON)
    list(APPEND packages rondo-json)
endif()
if(RONDO_HTTP)
    list(APPEND packages rondo-http)
endif()
foreach(name IN LISTS packages)
    configure_file("${CMAKE_CURRENT_LIST_DIR}/${name}.pc.in" "${PROJECT_BINARY_DIR}/${name}.pc"
                   @ONLY)
    install(FILES "${PROJECT_BINARY_DIR}/${name}.pc"
            DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
endforeach()
