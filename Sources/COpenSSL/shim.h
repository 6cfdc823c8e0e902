#ifndef POTERNE_COPENSSL_SHIM_H
#define POTERNE_COPENSSL_SHIM_H

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

/* Macros of libcrypto, which Swift does not import, as functions. */

static inline void poterne_OPENSSL_free(void *memory) { OPENSSL_free(memory); }

static inline long poterne_BIO_get_mem_data(BIO *bio, char **bytes) { return BIO_get_mem_data(bio, bytes); }

static inline int poterne_sk_PKCS7_num(const STACK_OF(PKCS7) *stack) { return sk_PKCS7_num(stack); }
static inline PKCS7 *poterne_sk_PKCS7_value(const STACK_OF(PKCS7) *stack, int index) {
    return sk_PKCS7_value(stack, index);
}
static inline void poterne_sk_PKCS7_free(STACK_OF(PKCS7) *stack) { sk_PKCS7_pop_free(stack, PKCS7_free); }

static inline int poterne_sk_PKCS12_SAFEBAG_num(const STACK_OF(PKCS12_SAFEBAG) *stack) {
    return sk_PKCS12_SAFEBAG_num(stack);
}
static inline PKCS12_SAFEBAG *poterne_sk_PKCS12_SAFEBAG_value(const STACK_OF(PKCS12_SAFEBAG) *stack, int index) {
    return sk_PKCS12_SAFEBAG_value(stack, index);
}
static inline void poterne_sk_PKCS12_SAFEBAG_free(STACK_OF(PKCS12_SAFEBAG) *stack) {
    sk_PKCS12_SAFEBAG_pop_free(stack, PKCS12_SAFEBAG_free);
}

static inline STACK_OF(X509) *poterne_sk_X509_new(void) { return sk_X509_new_null(); }
static inline int poterne_sk_X509_push(STACK_OF(X509) *stack, X509 *certificate) {
    return sk_X509_push(stack, certificate);
}
static inline void poterne_sk_X509_free(STACK_OF(X509) *stack) { sk_X509_pop_free(stack, X509_free); }

/* The algorithm that encrypts a PKCS#7 EncryptedData. */
static inline X509_ALGOR *poterne_PKCS7_encryption_algorithm(const PKCS7 *message) {
    return message->d.encrypted == NULL ? NULL : message->d.encrypted->enc_data->algorithm;
}

#endif
