#define _GNU_SOURCE
#include "ccurl.h"

#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <time.h>

/* The macros of these names check types at compile time; the plain names are wanted here. */
#undef curl_easy_setopt
#undef curl_easy_getinfo

static struct {
    __typeof__(&curl_global_init) global_init;
    __typeof__(&curl_version) version;
    __typeof__(&curl_easy_init) init;
    __typeof__(&curl_easy_cleanup) cleanup;
    __typeof__(&curl_easy_reset) reset;
    __typeof__(&curl_easy_perform) perform;
    __typeof__(&curl_easy_setopt) setopt;
    __typeof__(&curl_easy_getinfo) getinfo;
    __typeof__(&curl_slist_append) append;
    __typeof__(&curl_slist_free_all) free_list;
} curl;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char failure[256];

static void fail(const char *why)
{
    strncpy(failure, why ? why : "unknown error", sizeof failure - 1);
}

static void *library;

static int find(const char *name, void *into)
{
    void *symbol = dlsym(library, name);
    if (!symbol) {
        fail(dlerror());
        return 0;
    }
    memcpy(into, &symbol, sizeof symbol);
    return 1;
}

static void load(void)
{
    library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        fail(dlerror());
        return;
    }
    if (find("curl_global_init", &curl.global_init) && find("curl_version", &curl.version)
        && find("curl_easy_init", &curl.init) && find("curl_easy_cleanup", &curl.cleanup)
        && find("curl_easy_reset", &curl.reset) && find("curl_easy_perform", &curl.perform)
        && find("curl_easy_setopt", &curl.setopt) && find("curl_easy_getinfo", &curl.getinfo)
        && find("curl_slist_append", &curl.append) && find("curl_slist_free_all", &curl.free_list)
        && curl.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        fail("curl_global_init failed");
}

const char *ccurl_load(void)
{
    pthread_once(&once, load);
    return failure[0] ? failure : NULL;
}

const char *ccurl_version(void) { return ccurl_load() ? NULL : curl.version(); }

CURL *ccurl_init(void) { return ccurl_load() ? NULL : curl.init(); }

/* A connection that its far side has closed must be an error, and not the signal that ends the process:
   SIGPIPE is kept off this thread, and what was raised meanwhile is taken away before the mask is lifted. */
struct guard {
    sigset_t pipe, before;
    int was_pending;
};

static struct guard begin(void)
{
    struct guard guard;
    sigset_t pending;
    sigpending(&pending);
    guard.was_pending = sigismember(&pending, SIGPIPE);
    sigemptyset(&guard.pipe);
    sigaddset(&guard.pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &guard.pipe, &guard.before);
    return guard;
}

static void end(struct guard *guard)
{
    const struct timespec none = {0, 0};
    if (!guard->was_pending)
        while (sigtimedwait(&guard->pipe, NULL, &none) > 0) { }
    pthread_sigmask(SIG_SETMASK, &guard->before, NULL);
}

void ccurl_cleanup(CURL *handle)
{
    struct guard guard = begin();
    curl.cleanup(handle);
    end(&guard);
}

void ccurl_reset(CURL *handle) { curl.reset(handle); }

CURLcode ccurl_perform(CURL *handle)
{
    struct guard guard = begin();
    CURLcode code = curl.perform(handle);
    end(&guard);
    return code;
}

CURLcode ccurl_set_long(CURL *handle, CURLoption option, long value)
{
    return curl.setopt(handle, option, value);
}

CURLcode ccurl_set_offset(CURL *handle, CURLoption option, curl_off_t value)
{
    return curl.setopt(handle, option, value);
}

CURLcode ccurl_set_text(CURL *handle, CURLoption option, const char *value)
{
    return curl.setopt(handle, option, value);
}

CURLcode ccurl_set_pointer(CURL *handle, CURLoption option, const void *value)
{
    return curl.setopt(handle, option, value);
}

CURLcode ccurl_set_list(CURL *handle, CURLoption option, struct curl_slist *value)
{
    return curl.setopt(handle, option, value);
}

CURLcode ccurl_set_receive(CURL *handle, CURLoption option, ccurl_receive value)
{
    return curl.setopt(handle, option, value);
}

CURLcode ccurl_set_progress(CURL *handle, ccurl_progress value)
{
    return curl.setopt(handle, CURLOPT_XFERINFOFUNCTION, value);
}

CURLcode ccurl_set_trace(CURL *handle, ccurl_trace value)
{
    return curl.setopt(handle, CURLOPT_DEBUGFUNCTION, value);
}

CURLcode ccurl_get_long(CURL *handle, CURLINFO info, long *value)
{
    return curl.getinfo(handle, info, value);
}

CURLcode ccurl_get_offset(CURL *handle, CURLINFO info, curl_off_t *value)
{
    return curl.getinfo(handle, info, value);
}

struct curl_slist *ccurl_append(struct curl_slist *list, const char *text)
{
    return ccurl_load() ? NULL : curl.append(list, text);
}

void ccurl_free_list(struct curl_slist *list)
{
    if (list) curl.free_list(list);
}
