# SPDX-License-Identifier: MIT
# The tests that measure real time: a busy machine may make them late. Here they get the label
# `realtime`; of what fails, ./dev plays only these once more. Where a test runs on several drivers
# this is about the kernel's: the simulated one has a clock of its own.

set(realtime
    behaviours.B027_call_soon_threadsafe_wakes_a_loop_that_waits
    behaviours.B039_debug_mode_reports_slow_callbacks_with_name_and_duration
    behaviours.B246_without_descriptors_waiting_clients_are_turned_away_and_the_listener_stays
    behaviours.B267_an_early_failure_of_another_than_the_last_does_not_start_the_next
    behaviours.B267_cancelling_the_race_cancels_what_runs_and_waits_for_it
    driver.is_quick_to_make
    net.socat_talks_over_unix_sockets_and_datagrams)

foreach(name IN LISTS realtime)
    string(REGEX MATCH "^[^.]*" folder "${name}")
    string(REGEX MATCH "[^.]*$" test "${name}")
    set(found FALSE)
    foreach(each IN LISTS ${folder}_tests_TESTS)
        if(each MATCHES "[.]${test}(/epoll|/io_uring)?( |$)")
            set_tests_properties("${each}" PROPERTIES LABELS "${folder};realtime")
            set(found TRUE)
        endif()
    endforeach()
    if(DEFINED ${folder}_tests_TESTS AND NOT found)
        message(FATAL_ERROR "tests/realtime.cmake: there is no test ${name}")
    endif()
endforeach()
