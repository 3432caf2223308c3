#pragma once
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>

// Macros that Swift does not import.
static inline int copenssl_selects_pair(void) { return EVP_PKEY_KEYPAIR; }
static inline int copenssl_selects_public(void) { return EVP_PKEY_PUBLIC_KEY; }
