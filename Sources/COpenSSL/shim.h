#ifndef POTERNE_COPENSSL_SHIM_H
#define POTERNE_COPENSSL_SHIM_H

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/engine.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
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

/* Keys in PKCS#11 tokens. Engines are deprecated in OpenSSL 3, and what Debian 12 has for tokens is one. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
static inline void poterne_ENGINE_load_dynamic(void) { ENGINE_load_dynamic(); }
static inline ENGINE *poterne_ENGINE_by_id(const char *name) { return ENGINE_by_id(name); }
static inline int poterne_ENGINE_init(ENGINE *engine) { return ENGINE_init(engine); }
static inline void poterne_ENGINE_finish(ENGINE *engine) { ENGINE_finish(engine); }
static inline void poterne_ENGINE_free(ENGINE *engine) { ENGINE_free(engine); }
static inline int poterne_ENGINE_ctrl_cmd_string(ENGINE *engine, const char *command, const char *value) {
    return ENGINE_ctrl_cmd_string(engine, command, value, 0);
}
static inline EVP_PKEY *poterne_ENGINE_load_private_key(ENGINE *engine, const char *name) {
    return ENGINE_load_private_key(engine, name, NULL, NULL);
}
#pragma GCC diagnostic pop

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

/* Macros of libssl, as functions. */

static inline int poterne_SSL_CTX_set_proto_versions(SSL_CTX *context, int lowest, int highest) {
    return SSL_CTX_set_min_proto_version(context, lowest) && SSL_CTX_set_max_proto_version(context, highest);
}
static inline int poterne_SSL_set_min_proto_version(SSL *connection, int lowest) {
    return (int)SSL_set_min_proto_version(connection, lowest);
}
static inline void poterne_SSL_CTX_set_mode(SSL_CTX *context, long mode) { SSL_CTX_set_mode(context, mode); }
static inline void poterne_SSL_CTX_set_read_ahead(SSL_CTX *context, int on) { SSL_CTX_set_read_ahead(context, on); }
static inline void poterne_SSL_CTX_set_session_cache_mode(SSL_CTX *context, long mode) {
    SSL_CTX_set_session_cache_mode(context, mode);
}
static inline void poterne_SSL_CTX_set_max_cert_list(SSL_CTX *context, long bytes) {
    SSL_CTX_set_max_cert_list(context, bytes);
}
static inline int poterne_SSL_CTX_set1_groups_list(SSL_CTX *context, const char *names) {
    return (int)SSL_CTX_set1_groups_list(context, (char *)names);
}
static inline int poterne_SSL_set1_groups_list(SSL *connection, const char *names) {
    return (int)SSL_set1_groups_list(connection, (char *)names);
}
static inline int poterne_SSL_CTX_set1_sigalgs_list(SSL_CTX *context, const char *names) {
    return (int)SSL_CTX_set1_sigalgs_list(context, (char *)names);
}
static inline int poterne_SSL_CTX_set1_client_sigalgs_list(SSL_CTX *context, const char *names) {
    return (int)SSL_CTX_set1_client_sigalgs_list(context, (char *)names);
}
static inline int poterne_SSL_CTX_add1_chain_cert(SSL_CTX *context, X509 *certificate) {
    return (int)SSL_CTX_add1_chain_cert(context, certificate);
}
static inline void poterne_SSL_CTX_set_tlsext_servername_callback(
    SSL_CTX *context, int (*callback)(SSL *connection, int *alert, void *argument)) {
    SSL_CTX_set_tlsext_servername_callback(context, callback);
}
static inline int poterne_SSL_set_tlsext_host_name(SSL *connection, const char *name) {
    return (int)SSL_set_tlsext_host_name(connection, (char *)name);
}
static inline int poterne_SSL_get_negotiated_group(SSL *connection) {
    return (int)SSL_get_negotiated_group(connection);
}
static inline int poterne_SSL_get_ex_new_index(void) { return SSL_get_ex_new_index(0, NULL, NULL, NULL, NULL); }

static inline uint64_t poterne_SSL_OP_NO_RENEGOTIATION(void) { return SSL_OP_NO_RENEGOTIATION; }
static inline uint64_t poterne_SSL_OP_NO_COMPRESSION(void) { return SSL_OP_NO_COMPRESSION; }
static inline uint64_t poterne_SSL_OP_CIPHER_SERVER_PREFERENCE(void) { return SSL_OP_CIPHER_SERVER_PREFERENCE; }
static inline uint64_t poterne_SSL_OP_PRIORITIZE_CHACHA(void) { return SSL_OP_PRIORITIZE_CHACHA; }
static inline uint64_t poterne_SSL_OP_NO_TICKET(void) { return SSL_OP_NO_TICKET; }
static inline uint64_t poterne_SSL_OP_IGNORE_UNEXPECTED_EOF(void) { return SSL_OP_IGNORE_UNEXPECTED_EOF; }

static inline STACK_OF(X509_NAME) *poterne_sk_X509_NAME_new(void) { return sk_X509_NAME_new_null(); }
static inline int poterne_sk_X509_NAME_push(STACK_OF(X509_NAME) *stack, X509_NAME *name) {
    return sk_X509_NAME_push(stack, name);
}
static inline int poterne_sk_X509_NAME_num(const STACK_OF(X509_NAME) *stack) { return sk_X509_NAME_num(stack); }
static inline X509_NAME *poterne_sk_X509_NAME_value(const STACK_OF(X509_NAME) *stack, int index) {
    return sk_X509_NAME_value(stack, index);
}
static inline void poterne_sk_X509_NAME_free(STACK_OF(X509_NAME) *stack) {
    sk_X509_NAME_pop_free(stack, X509_NAME_free);
}
static inline int poterne_sk_X509_num(const STACK_OF(X509) *stack) { return sk_X509_num(stack); }
static inline X509 *poterne_sk_X509_value(const STACK_OF(X509) *stack, int index) {
    return sk_X509_value(stack, index);
}
static inline int poterne_sk_SSL_CIPHER_num(const STACK_OF(SSL_CIPHER) *stack) { return sk_SSL_CIPHER_num(stack); }
static inline const SSL_CIPHER *poterne_sk_SSL_CIPHER_value(const STACK_OF(SSL_CIPHER) *stack, int index) {
    return sk_SSL_CIPHER_value(stack, index);
}

static inline int poterne_EVP_MAC_CTX_set_hmac_sha256(EVP_MAC_CTX *context, unsigned char *key, size_t length) {
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, key, length),
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)"SHA256", 0),
        OSSL_PARAM_construct_end(),
    };
    return EVP_MAC_CTX_set_params(context, parameters);
}

#endif
