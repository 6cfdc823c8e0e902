#include "ServingLibrary.h"

#include <openssl/core.h>
#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/params.h>
#include <openssl/provider.h>
#include <string.h>

/* What is shown of an operation: the algorithms whose first name is in the list. */
typedef struct {
    int operation;
    const char *names[16];
} Selection;

/* OpenSSL walks through everything that a library context has fetched from, of whatever operation, each time it reads a
 * public key: so what no handshake asks for is left out everywhere, and not only of the decoders. */
static const Selection selections[] = {
    {OSSL_OP_DIGEST, {"SHA1", "SHA2-224", "SHA2-256", "SHA2-384", "SHA2-512", "MD5", "MD5-SHA1"}},
    {OSSL_OP_CIPHER,
     {"AES-128-GCM", "AES-256-GCM", "AES-128-CCM", "AES-256-CCM", "AES-128-CBC", "AES-256-CBC", "ChaCha20-Poly1305"}},
    {OSSL_OP_MAC, {"HMAC"}},
    {OSSL_OP_KDF, {"HKDF", "TLS13-KDF", "TLS1-PRF"}},
    {OSSL_OP_RAND, {"CTR-DRBG", "SEED-SRC"}},
    /* The last three are what OpenSSL wraps secrets in for HKDF, the PRF of TLS 1.2 and HMAC. */
    {OSSL_OP_KEYMGMT,
     {"RSA", "RSA-PSS", "EC", "ED25519", "ED448", "X25519", "HKDF", "TLS1-PRF", "HMAC"}},
    {OSSL_OP_KEYEXCH, {"ECDH", "X25519", "HKDF", "TLS1-PRF"}},
    {OSSL_OP_SIGNATURE, {"RSA", "ECDSA", "ED25519", "ED448", "HMAC"}},
    {OSSL_OP_ASYM_CIPHER, {"RSA"}},
    /* Of a certificate's key, which is a SubjectPublicKeyInfo. */
    {OSSL_OP_DECODER, {"RSA", "RSA-PSS", "EC", "ED25519", "ED448"}},
};

enum { OPERATIONS = sizeof selections / sizeof *selections, MOST = 16 };

/* The default provider of the default library context, and what is shown of it, each list ended by an empty entry.
 * Written by poterne_serving_library_new before anybody can read it, and not after. */
static OSSL_PROVIDER *whole;
static OSSL_ALGORITHM shown[OPERATIONS][MOST + 1];

static int is_selected(const OSSL_ALGORITHM *algorithm, const Selection *selection) {
    if (selection->operation == OSSL_OP_DECODER &&
        (strstr(algorithm->property_definition, "input=der") == NULL ||
         strstr(algorithm->property_definition, "structure=SubjectPublicKeyInfo") == NULL))
        return 0;
    size_t length = strcspn(algorithm->algorithm_names, ":");
    for (const char *const *name = selection->names; *name != NULL; name++)
        if (strlen(*name) == length && strncmp(*name, algorithm->algorithm_names, length) == 0) return 1;
    return 0;
}

static int select_algorithms(void) {
    for (int index = 0; index < OPERATIONS; index++) {
        int no_cache = 0;
        int count = 0;
        const OSSL_ALGORITHM *all = OSSL_PROVIDER_query_operation(whole, selections[index].operation, &no_cache);
        for (; all != NULL && all->algorithm_names != NULL; all++) {
            if (!is_selected(all, &selections[index])) continue;
            if (count == MOST) return 0;
            shown[index][count++] = *all;
        }
        /* A default provider that has none of them is not the one this was written for. */
        if (count == 0) return 0;
    }
    return 1;
}

static const OSSL_ALGORITHM *query(void *context, int operation, int *no_cache) {
    (void)context;
    *no_cache = 0;
    for (int index = 0; index < OPERATIONS; index++)
        if (selections[index].operation == operation) return shown[index];
    return NULL;
}

static int capabilities(void *context, const char *capability, OSSL_CALLBACK *callback, void *argument) {
    (void)context;
    return OSSL_PROVIDER_get_capabilities(whole, capability, callback, argument);
}

static int parameters(void *context, OSSL_PARAM values[]) {
    (void)context;
    OSSL_PARAM *value = OSSL_PARAM_locate(values, OSSL_PROV_PARAM_NAME);
    if (value != NULL && !OSSL_PARAM_set_utf8_ptr(value, "Poterne serving provider")) return 0;
    value = OSSL_PARAM_locate(values, OSSL_PROV_PARAM_STATUS);
    return value == NULL || OSSL_PARAM_set_int(value, 1);
}

static const OSSL_DISPATCH functions[] = {
    {OSSL_FUNC_PROVIDER_QUERY_OPERATION, (void (*)(void))query},
    {OSSL_FUNC_PROVIDER_GET_CAPABILITIES, (void (*)(void))capabilities},
    {OSSL_FUNC_PROVIDER_GET_PARAMS, (void (*)(void))parameters},
    {0, NULL},
};

static int initialise(
    const OSSL_CORE_HANDLE *handle, const OSSL_DISPATCH *in, const OSSL_DISPATCH **out, void **context) {
    (void)handle, (void)in;
    *out = functions;
    /* The default provider's functions are handed this context, so it has to be theirs. */
    *context = OSSL_PROVIDER_get0_provider_ctx(whole);
    return 1;
}

/* Counts the providers at work, and those among them that are not the default one. */
static int is_default(OSSL_PROVIDER *provider, void *others) {
    if (strcmp(OSSL_PROVIDER_get0_name(provider), "default") != 0) ++*(int *)others;
    return 1;
}

/* A library context with one provider, which is in this program. */
static OSSL_LIB_CTX *library_of(const char *name, OSSL_provider_init_fn *initialise) {
    OSSL_LIB_CTX *library = OSSL_LIB_CTX_new();
    if (library == NULL) return NULL;
    if (OSSL_PROVIDER_add_builtin(library, name, initialise) && OSSL_PROVIDER_load(library, name) != NULL)
        return library;
    OSSL_LIB_CTX_free(library);
    return NULL;
}

OSSL_LIB_CTX *poterne_serving_library_new(void) {
    int others = 0;
    /* Reads openssl.cnf first, and falls back to the default provider if it names none. */
    if (!OSSL_PROVIDER_do_all(NULL, is_default, &others) || others != 0) return NULL;
    if (!OSSL_PROVIDER_available(NULL, "default")) return NULL;
    whole = OSSL_PROVIDER_load(NULL, "default");
    if (whole == NULL || !select_algorithms()) return NULL;
    return library_of("poterne-serving", initialise);
}

static const OSSL_ALGORITHM *query_nothing(void *context, int operation, int *no_cache) {
    (void)context, (void)operation;
    *no_cache = 0;
    return NULL;
}

static const OSSL_DISPATCH nothing[] = {
    {OSSL_FUNC_PROVIDER_QUERY_OPERATION, (void (*)(void))query_nothing},
    {0, NULL},
};

static int initialise_nothing(
    const OSSL_CORE_HANDLE *handle, const OSSL_DISPATCH *in, const OSSL_DISPATCH **out, void **context) {
    (void)in;
    *out = nothing;
    *context = (void *)handle;
    return 1;
}

OSSL_LIB_CTX *poterne_empty_library_new(void) { return library_of("poterne-empty", initialise_nothing); }
