#ifndef POTERNE_SERVING_LIBRARY_H
#define POTERNE_SERVING_LIBRARY_H

/* An OpenSSL library context for TLS connections: all that the default provider does, but of its decoders and key
 * managers only those that a handshake needs. Why: docs/decisions/0009-serving-library.md.
 *
 * Made once in a process: what it forwards to stands in static memory, since OpenSSL hands nothing else to a provider
 * that shares the default provider's context. The answer is NULL where OpenSSL's configuration has anything but the
 * default provider at work in the default context (a FIPS module, an HSM): then that is what has to serve. */
struct ossl_lib_ctx_st *poterne_serving_library_new(void);

/* A library context that has no algorithm at all: a certificate that is read in it is read without its key. */
struct ossl_lib_ctx_st *poterne_empty_library_new(void);

#endif
