/* The floor: what OpenSSL alone costs for the handshake that the gateway makes.
 *
 * One connection after the other, blocking: accept, a TLS handshake that asks for a client certificate and takes every
 * one whose digest it has seen (as the gateway's cache does), one read, one answer, close. No HTTP, no events, no policy.
 *
 *     floor PORT CHAIN KEY AUTHORITY [whole|serving] [tickets]
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ServingLibrary.h"

static _Noreturn void fail(const char *what) {
    perror(what);
    ERR_print_errors_fp(stderr);
    exit(1);
}

enum { SLOTS = 4096, DIGEST = 32 };
static unsigned char seen[SLOTS][DIGEST];

/* Digest of the leaf, look-up, accepted: what a cached verdict costs. */
static int verify(X509_STORE_CTX *store, void *argument) {
    (void)argument;
    unsigned char *der = NULL, digest[DIGEST];
    int length = i2d_X509(X509_STORE_CTX_get0_cert(store), &der);
    if (length <= 0) return 0;
    unsigned size = 0;
    EVP_Digest(der, (size_t)length, digest, &size, EVP_sha256(), NULL);
    OPENSSL_free(der);
    unsigned slot = (digest[0] | digest[1] << 8) % SLOTS;
    if (memcmp(seen[slot], digest, DIGEST) != 0) memcpy(seen[slot], digest, DIGEST);
    X509_STORE_CTX_set_error(store, X509_V_OK);
    return 1;
}

static OSSL_LIB_CTX *serving, *empty;
static unsigned char ticket_secrets[80];

/* One key for all tickets; when one is opened, the certificate in it is read without its key, as the gateway does. */
static int prepare_ticket(
    SSL *connection, unsigned char *name, unsigned char *vector, EVP_CIPHER_CTX *cipher, EVP_MAC_CTX *mac, int is_sealing) {
    (void)connection;
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, ticket_secrets + 16, 32),
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)"SHA256", 0),
        OSSL_PARAM_construct_end(),
    };
    if (is_sealing) {
        if (serving != NULL) OSSL_LIB_CTX_set0_default(serving);
        memcpy(name, ticket_secrets, 16);
        if (RAND_bytes(vector, 16) != 1) return -1;
    } else if (memcmp(name, ticket_secrets, 16) != 0) {
        return 0;
    }
    if (EVP_CipherInit_ex2(cipher, EVP_aes_256_cbc(), ticket_secrets + 48, vector, is_sealing, NULL) != 1 ||
        EVP_MAC_CTX_set_params(mac, parameters) != 1)
        return -1;
    if (!is_sealing && empty != NULL) OSSL_LIB_CTX_set0_default(empty);
    return is_sealing ? 1 : 2;
}

/* Called before a session is written, read and written again for its ticket. */
static int fill_ticket(SSL *connection, void *argument) {
    (void)connection, (void)argument;
    if (empty != NULL) OSSL_LIB_CTX_set0_default(empty);
    return 1;
}

static int judge_ticket(
    SSL *connection, SSL_SESSION *session, const unsigned char *name, size_t length, SSL_TICKET_STATUS status, void *argument) {
    (void)connection, (void)session, (void)name, (void)length, (void)argument;
    if (serving != NULL) OSSL_LIB_CTX_set0_default(serving);
    return status == SSL_TICKET_SUCCESS_RENEW ? SSL_TICKET_RETURN_USE_RENEW : SSL_TICKET_RETURN_IGNORE_RENEW;
}

static SSL_CTX *make_context(char **arguments, int is_serving, int has_tickets) {
    serving = is_serving ? poterne_serving_library_new() : NULL;
    empty = is_serving ? poterne_empty_library_new() : NULL;
    if (is_serving && (serving == NULL || empty == NULL)) fail("the serving library");
    SSL_CTX *context = SSL_CTX_new_ex(serving, NULL, TLS_server_method());
    RAND_bytes(ticket_secrets, sizeof ticket_secrets);
    SSL_CTX_set_tlsext_ticket_key_evp_cb(context, prepare_ticket);
    SSL_CTX_set_session_ticket_cb(context, fill_ticket, judge_ticket, NULL);
    if (context == NULL || SSL_CTX_use_certificate_chain_file(context, arguments[2]) != 1) fail(arguments[2]);
    /* Keys are read with every decoder: the serving library shows none for private keys. */
    BIO *file = BIO_new_file(arguments[3], "r");
    EVP_PKEY *key = file == NULL ? NULL : PEM_read_bio_PrivateKey(file, NULL, NULL, NULL);
    if (key == NULL || SSL_CTX_use_PrivateKey(context, key) != 1) fail(arguments[3]);
    EVP_PKEY_free(key);
    BIO_free(file);
    SSL_CTX_set_client_CA_list(context, SSL_load_client_CA_file(arguments[4]));
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    SSL_CTX_set_cert_verify_callback(context, verify, NULL);
    SSL_CTX_set1_groups_list(context, "X25519:P-256:P-384");
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_session_id_context(context, (const unsigned char *)"floor", 5);
    SSL_CTX_set_num_tickets(context, has_tickets);
    if (!has_tickets) SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
    SSL_CTX_set_read_ahead(context, 1);
    if (is_serving) OSSL_LIB_CTX_set0_default(serving);
    return context;
}

int main(int count, char **arguments) {
    if (count < 5) {
        fprintf(stderr, "usage: floor PORT CHAIN KEY AUTHORITY [whole|serving] [tickets]\n");
        return 64;
    }
    signal(SIGPIPE, SIG_IGN);
    int is_serving = count > 5 && strcmp(arguments[5], "serving") == 0;
    int has_tickets = count > 6 && strcmp(arguments[6], "tickets") == 0;
    SSL_CTX *context = make_context(arguments, is_serving, has_tickets);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(arguments[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 512)) fail("listen");
    static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
    char request[4096];
    for (;;) {
        int descriptor = accept(listener, NULL, NULL);
        if (descriptor < 0) continue;
        setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        SSL *connection = SSL_new(context);
        if (connection != NULL && SSL_set_fd(connection, descriptor) == 1 && SSL_accept(connection) == 1 &&
            SSL_read(connection, request, sizeof request) > 0) {
            SSL_write(connection, answer, sizeof answer - 1);
            SSL_shutdown(connection);
        }
        SSL_free(connection);
        ERR_clear_error();
        close(descriptor);
    }
}
