#pragma once
#include <libpq-fe.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

// Character literals, which Swift does not import.
static const int cpostgres_diag_sqlstate = PG_DIAG_SQLSTATE;
static const int cpostgres_diag_primary = PG_DIAG_MESSAGE_PRIMARY;
static const int cpostgres_diag_table = PG_DIAG_TABLE_NAME;
static const int cpostgres_diag_column = PG_DIAG_COLUMN_NAME;
static const int cpostgres_diag_context = PG_DIAG_CONTEXT;
static const int cpostgres_diag_constraint = PG_DIAG_CONSTRAINT_NAME;
static const int cpostgres_diag_severity = PG_DIAG_SEVERITY_NONLOCALIZED;
static const int cpostgres_diag_function = PG_DIAG_SOURCE_FUNCTION;

// A structured macro. Non-ASCII letters stay as they are.
static const unsigned long cpostgres_name_flags = XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB;

// Macros over stacks of certificates, which Swift does not import.
static inline int cpostgres_chain_length(STACK_OF(X509) *chain) { return chain ? sk_X509_num(chain) : 0; }
static inline X509 *cpostgres_chain_at(STACK_OF(X509) *chain, int index) { return sk_X509_value(chain, index); }

static inline GENERAL_NAMES *cpostgres_alternative_names(X509 *certificate) {
    return (GENERAL_NAMES *)X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
}
static inline int cpostgres_names_count(GENERAL_NAMES *names) { return sk_GENERAL_NAME_num(names); }
// The bytes of a DNS name or an address, whose kind stands in a union.
static inline const unsigned char *cpostgres_name_at(GENERAL_NAMES *names, int index, int *kind, int *length) {
    GENERAL_NAME *name = sk_GENERAL_NAME_value(names, index);
    *kind = name->type;
    if (name->type != GEN_DNS && name->type != GEN_IPADD) return NULL;
    ASN1_STRING *text = name->type == GEN_DNS ? (ASN1_STRING *)name->d.dNSName : (ASN1_STRING *)name->d.iPAddress;
    *length = ASN1_STRING_length(text);
    return ASN1_STRING_get0_data(text);
}
