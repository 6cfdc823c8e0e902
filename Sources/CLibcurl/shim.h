#ifndef POTERNE_CLIBCURL_SHIM_H
#define POTERNE_CLIBCURL_SHIM_H

#include <curl/curl.h>

#endif
