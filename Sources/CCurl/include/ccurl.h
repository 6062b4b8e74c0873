#ifndef CCURL_H
#define CCURL_H

/* libcurl, loaded when it is first used. It brings 29 libraries along, and commands that stay on the laptop
   must not pay for loading them, so this header is for types and constants only: nothing links to libcurl.

   The option that names protocols by number is marked deprecated, but it is the one every version knows. */
#ifndef CURL_DISABLE_DEPRECATION
#define CURL_DISABLE_DEPRECATION
#endif
#include <curl/curl.h>

/* Loads libcurl once, from any thread. NULL when it is there, else the loader's words, which stay valid. */
const char *ccurl_load(void);

/* The version of the library that was loaded, or NULL. */
const char *ccurl_version(void);

/* NULL when libcurl is missing or there is no memory. Every other call needs a handle that came from here. */
CURL *ccurl_init(void);
void ccurl_reset(CURL *handle);

/* These two may write to a connection that its far side has closed. They keep SIGPIPE off the process. */
CURLcode ccurl_perform(CURL *handle);
void ccurl_cleanup(CURL *handle);

typedef size_t (*ccurl_receive)(char *bytes, size_t size, size_t count, void *context);
typedef int (*ccurl_progress)(
    void *context, curl_off_t down_total, curl_off_t down, curl_off_t up_total, curl_off_t up);
typedef int (*ccurl_trace)(CURL *handle, curl_infotype kind, char *bytes, size_t size, void *context);

/* One wrapper for each type of argument: Swift calls no variadic functions. */
CURLcode ccurl_set_long(CURL *handle, CURLoption option, long value);
CURLcode ccurl_set_offset(CURL *handle, CURLoption option, curl_off_t value);
CURLcode ccurl_set_text(CURL *handle, CURLoption option, const char *value);
CURLcode ccurl_set_pointer(CURL *handle, CURLoption option, const void *value);
CURLcode ccurl_set_list(CURL *handle, CURLoption option, struct curl_slist *value);
CURLcode ccurl_set_receive(CURL *handle, CURLoption option, ccurl_receive value);
CURLcode ccurl_set_progress(CURL *handle, ccurl_progress value);
CURLcode ccurl_set_trace(CURL *handle, ccurl_trace value);

CURLcode ccurl_get_long(CURL *handle, CURLINFO info, long *value);
CURLcode ccurl_get_offset(CURL *handle, CURLINFO info, curl_off_t *value);

/* NULL when there is no memory; the list given is then still to be freed. */
struct curl_slist *ccurl_append(struct curl_slist *list, const char *text);
void ccurl_free_list(struct curl_slist *list);

#endif
