// SPDX-License-Identifier: MIT

// Preloaded into a program, puts its first thread on the first core it may use, and every other
// thread on the last: where the threads of a measurement run is not left to chance.
#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>

namespace {

using body = void* (*)(void*);

cpu_set_t usable;

int edge(bool last) {
    int found = -1;
    for (int core = 0; core < CPU_SETSIZE; ++core) {
        if (CPU_ISSET(core, &usable) && (last || found < 0)) {
            found = core;
        }
    }
    return found;
}

void pin(bool to_last) {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(static_cast<unsigned>(edge(to_last)), &one);
    sched_setaffinity(0, sizeof one, &one);
}

struct job {
    body run;
    void* data;
};

void* run_pinned(void* at) {
    const job mine = *static_cast<job*>(at);
    delete static_cast<job*>(at);
    pin(true);
    return mine.run(mine.data);
}

[[gnu::constructor]] void pin_first_thread() {
    sched_getaffinity(0, sizeof usable, &usable);
    pin(false);
}

}  // namespace

extern "C" int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, body run,
                              void* data) {
    using create = int (*)(pthread_t*, const pthread_attr_t*, body, void*);
    static const auto real = reinterpret_cast<create>(dlsym(RTLD_NEXT, "pthread_create"));
    return real(thread, attributes, run_pinned, new job{run, data});
}
