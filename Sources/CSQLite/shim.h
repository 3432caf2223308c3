#pragma once
#include <sqlite3.h>

// sqlite3_db_config is variadic in C. Each switch is set and read back.
static inline int csqlite_configure(sqlite3 *db, int option, int on) {
    int now = 0;
    return sqlite3_db_config(db, option, on, &now);
}

// The extended codes are macros over other macros, which Swift does not import.
static const int csqlite_ioerr_corruptfs = SQLITE_IOERR_CORRUPTFS;
static const int csqlite_ioerr_data = SQLITE_IOERR_DATA;

// SQLITE_TRANSIENT is a cast of −1 to a function pointer.
static inline sqlite3_destructor_type csqlite_transient(void) { return SQLITE_TRANSIENT; }
