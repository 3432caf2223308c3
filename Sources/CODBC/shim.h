#pragma once
#include <sql.h>
#include <sqlext.h>

// Macros with a cast.
static inline SQLPOINTER codbc_value(SQLULEN value) { return (SQLPOINTER)value; }
static inline int codbc_succeeded(SQLRETURN code) { return SQL_SUCCEEDED(code); }
